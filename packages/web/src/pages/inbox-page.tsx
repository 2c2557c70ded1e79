import { useInbox } from "../api/hooks.ts";
import type { InboxAlert, InboxEntry } from "../api/types.ts";
import { agoText, momentText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { usePageTitle } from "../frame/page-title.ts";
import { LabelChips } from "./label-chips.tsx";

export function InboxPage() {
  usePageTitle("Inbox");
  const { data, error } = useInbox();
  if (!data) return error ? <PageError what="the inbox" error={error} /> : <PageSkeleton />;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Inbox</h1>
          <p className="page-lead">
            Notifications the Alertmanager delivered to this server, newest first
          </p>
        </div>
      </div>
      <ul className="messages">
        {data.map((entry) => (
          <Message key={entry.id} entry={entry} />
        ))}
      </ul>
      {data.length === 0 && (
        <p className="page-empty">
          Nothing delivered yet. Quiet is good news, or nobody is listening.
        </p>
      )}
    </div>
  );
}

function Message({ entry }: { readonly entry: InboxEntry }) {
  const { alerts, status, receiver, receivedMs, title } = entry;
  const alertname = entry.groupLabels.alertname ?? alerts[0]?.labels.alertname ?? "";
  return (
    <li
      className="card message"
      data-testid="inbox-item"
      data-alertname={alertname}
      data-status={status}
    >
      <div className="message-head">
        <span className="state" data-state={status === "firing" ? "error" : "ok"}>
          {status}
        </span>
        <h2>{title || alertname}</h2>
        <time dateTime={new Date(receivedMs).toISOString()} title={momentText(receivedMs)}>
          {agoText(receivedMs, Date.now())}
        </time>
      </div>
      <ul className="message-alerts">
        {alerts.map((alert) => (
          <MessageAlert key={JSON.stringify(alert.labels)} alert={alert} />
        ))}
      </ul>
      <p className="message-foot">to {receiver}</p>
    </li>
  );
}

function MessageAlert({ alert }: { readonly alert: InboxAlert }) {
  const { summary, description, ...others } = alert.annotations;
  return (
    <li data-status={alert.status}>
      {summary !== undefined && <strong>{summary}</strong>}
      {description !== undefined && <p>{description}</p>}
      {Object.entries(others).map(([name, value]) => (
        <p key={name}>
          <small>{name}</small> {value}
        </p>
      ))}
      <LabelChips labels={alert.labels} />
    </li>
  );
}
