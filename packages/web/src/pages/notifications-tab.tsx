import { useAlertGroups } from "../api/hooks.ts";
import type { AlertGroup, GettableAlert } from "../api/types.ts";
import { agoText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { LabelChips } from "./label-chips.tsx";
import { SilenceButton } from "./silence-form.tsx";

/** What the Alertmanager holds, grouped as it will be sent. */
export function NotificationsTab() {
  const { data, error } = useAlertGroups();
  if (!data) return error ? <PageError what="the alerts" error={error} /> : <PageSkeleton />;
  if (data.length === 0) return <p className="page-empty">No alerts at the Alertmanager.</p>;
  return data.map((group) => (
    <Group key={`${group.receiver.name}${JSON.stringify(group.labels)}`} group={group} />
  ));
}

function Group({ group }: { readonly group: AlertGroup }) {
  return (
    <section className="card" aria-label={`Alert group to ${group.receiver.name}`}>
      <h2 className="card-title">
        {Object.keys(group.labels).length > 0 ? <LabelChips labels={group.labels} /> : "All alerts"}
        <small>to {group.receiver.name}</small>
      </h2>
      <ul className="list">
        {group.alerts.map((alert) => (
          <AlertRow key={alert.fingerprint} alert={alert} groupNames={Object.keys(group.labels)} />
        ))}
      </ul>
    </section>
  );
}

function AlertRow({
  alert,
  groupNames,
}: {
  readonly alert: GettableAlert;
  readonly groupNames: readonly string[];
}) {
  const { state, silencedBy, inhibitedBy } = alert.status;
  const held = silencedBy.length > 0 ? "silenced" : inhibitedBy.length > 0 ? "inhibited" : state;
  return (
    <li className="list-row" data-alertname={alert.labels.alertname} data-alert-state={held}>
      <span className="state" data-state={held === "active" ? "error" : "idle"}>
        {held}
      </span>
      <div className="list-main">
        <strong>{alert.annotations.summary ?? alert.labels.alertname}</strong>
        <LabelChips labels={alert.labels} hidden={groupNames} />
        <small>started {agoText(Date.parse(alert.startsAt), Date.now())}</small>
      </div>
      <div className="list-end">
        <SilenceButton labels={alert.labels} />
      </div>
    </li>
  );
}
