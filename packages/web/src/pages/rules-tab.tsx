import { useRules } from "../api/hooks.ts";
import type { Rule, RuleAlert, RuleGroup } from "../api/types.ts";
import { agoText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { printInterval, printUnit } from "../model.ts";
import { LabelChips } from "./label-chips.tsx";

export function RulesTab() {
  const { data, error } = useRules();
  if (!data) return error ? <PageError what="the rules" error={error} /> : <PageSkeleton />;
  return (
    <>
      {data.groups.map((group) => (
        <Group key={`${group.file};${group.name}`} group={group} />
      ))}
      {data.groups.length === 0 && (
        <p className="page-empty">No rules. Name rule files under rule_files in prometheus.yml.</p>
      )}
    </>
  );
}

function Group({ group }: { readonly group: RuleGroup }) {
  return (
    <section className="card" aria-label={`Rule group ${group.name}`}>
      <h2 className="card-title">
        {group.name}
        <small>
          {group.file} · every {printInterval(group.interval * 1000)}
        </small>
      </h2>
      <ul className="list">
        {group.rules.map((rule) => (
          <RuleRow key={`${rule.name}${rule.query}`} rule={rule} />
        ))}
      </ul>
    </section>
  );
}

const TONES: Readonly<Record<string, string>> = {
  firing: "error",
  pending: "warning",
  inactive: "ok",
  err: "error",
  ok: "ok",
};

function RuleRow({ rule }: { readonly rule: Rule }) {
  const isAlert = rule.type === "alerting";
  const state = isAlert ? (rule.state ?? "unknown") : rule.health;
  const alerts = rule.alerts ?? [];
  return (
    <li
      className="list-row"
      data-alertname={isAlert ? rule.name : undefined}
      data-rule-state={state}
    >
      <span className="state" data-state={TONES[state] ?? "idle"}>
        {isAlert ? state : rule.health === "ok" ? "recorded" : rule.health}
      </span>
      <div className="list-main">
        <strong>{rule.name}</strong>
        <code className="query">{rule.query.trim()}</code>
        {isAlert && (rule.duration ?? 0) > 0 && (
          <small>for {printInterval((rule.duration ?? 0) * 1000)}</small>
        )}
        {rule.lastError ? <p className="error-text">{rule.lastError}</p> : null}
        {alerts.map((alert) => (
          <ActiveAlert key={JSON.stringify(alert.labels)} alert={alert} />
        ))}
      </div>
    </li>
  );
}

function ActiveAlert({ alert }: { readonly alert: RuleAlert }) {
  const { summary, description } = alert.annotations;
  return (
    <div className="active-alert" data-alert-state={alert.state}>
      <p>
        <b>{summary ?? alert.labels.alertname}</b>
        <small>
          {alert.state}, active since {agoText(Date.parse(alert.activeAt), Date.now())}, value{" "}
          {printUnit(Number(alert.value), "none")}
        </small>
      </p>
      {description !== undefined && <p>{description}</p>}
      <LabelChips labels={alert.labels} hidden={["alertname"]} />
    </div>
  );
}
