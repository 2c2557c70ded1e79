/** /api/v1/rules, alerts and alertmanagers: what is recorded and alerted on. */
import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Matcher } from "../../model/index.ts";
import { Labels, matchesAll } from "../../model/index.ts";
import type { ActiveAlert, RuleGroupStatus, RuleStatus } from "../../rules/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import { sendData } from "../answer.ts";
import { invalidParameter } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { encodeValue } from "../encode.ts";
import type { Params } from "../params.ts";
import { paramsOf, readBoolean } from "../params.ts";
import { formatRfc3339 } from "../time.ts";
import { readSelectors } from "./selectors.ts";

export function registerRuleRoutes(app: FastifyInstance, { rules, status }: ApiDeps): void {
  app.get("/api/v1/rules", async (request, reply) => {
    const asked = readAsked(paramsOf(request));
    const found = rules.groups().flatMap((group) => {
      const printed = printGroup(group, asked);
      return printed.rules.length > 0 ? [printed] : [];
    });
    return sendData(reply, pageOf(found, asked));
  });

  app.get("/api/v1/alerts", async (_, reply) => {
    const alerts = rules
      .groups()
      .flatMap((group) => group.rules)
      .flatMap((rule) => (rule.kind === "alerting" ? rule.alerts.map(printAlert) : []));
    return sendData(reply, { alerts });
  });

  app.get("/api/v1/alertmanagers", async (_, reply) => {
    const activeAlertmanagers = status.alertmanagerUrls().map((url) => ({ url }));
    return sendData(reply, { activeAlertmanagers, droppedAlertmanagers: [] });
  });
}

interface Asked {
  readonly kinds: readonly RuleStatus["kind"][];
  readonly ruleNames: readonly string[];
  readonly groupNames: readonly string[];
  readonly files: readonly string[];
  readonly selectors: readonly (readonly Matcher[])[];
  readonly excludesAlerts: boolean;
  /** 0: all on one page. */
  readonly groupLimit: number;
  readonly nextToken: string;
}

function readAsked(params: Params): Asked {
  return {
    kinds: readKinds(params.text("type").toLowerCase()),
    ruleNames: params.all("rule_name[]"),
    groupNames: params.all("rule_group[]"),
    files: params.all("file[]"),
    selectors: readSelectors(params.all("match[]")),
    excludesAlerts: readExcludesAlerts(params.text("exclude_alerts")),
    ...readPage(params),
  };
}

function readKinds(type: string): readonly RuleStatus["kind"][] {
  if (type === "") return ["alerting", "recording"];
  if (type === "alert") return ["alerting"];
  if (type === "record") return ["recording"];
  throw invalidParameter("type", `not supported value ${JSON.stringify(type)}`);
}

function readExcludesAlerts(text: string): boolean {
  const value = text === "" ? false : readBoolean(text);
  if (value !== undefined) return value;
  const why = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw invalidParameter("exclude_alerts", `error converting exclude_alerts: ${why}`);
}

function readPage(params: Params) {
  const nextToken = params.text("group_next_token");
  const limit = params.text("group_limit");
  if (limit === "") {
    if (nextToken === "") return { groupLimit: 0, nextToken };
    const why = "group_limit needs to be present in order to paginate over the groups";
    throw invalidParameter("group_next_token", why);
  }
  const groupLimit = /^[-+]?\d+$/.test(limit) ? Number(limit) : NaN;
  if (Number.isNaN(groupLimit)) {
    throw invalidParameter("group_limit", "group_limit needs to be a valid number");
  }
  if (groupLimit <= 0) {
    throw invalidParameter("group_limit", "group_limit needs to be greater than 0");
  }
  return { groupLimit, nextToken };
}

type PrintedGroup = ReturnType<typeof printGroup>;

function pageOf(groups: readonly PrintedGroup[], { groupLimit, nextToken }: Asked) {
  if (groupLimit === 0) return { groups };
  const from = nextToken === "" ? 0 : groups.findIndex((group) => tokenOf(group) === nextToken);
  if (from === -1) {
    const why = `invalid group_next_token '${nextToken}'. were rule groups changed?`;
    throw invalidParameter("group_next_token", why);
  }
  const next = groups[from + groupLimit];
  const page = { groups: groups.slice(from, from + groupLimit) };
  return next === undefined ? page : { ...page, groupNextToken: tokenOf(next) };
}

function tokenOf({ file, name }: { readonly file: string; readonly name: string }): string {
  return createHash("sha256").update(`${file};${name}`).digest("hex");
}

function printGroup(group: RuleGroupStatus, asked: Asked) {
  const isGroupAsked = isAmong(asked.groupNames, group.name) && isAmong(asked.files, group.file);
  const rules = isGroupAsked ? group.rules.filter((rule) => isRuleAsked(rule, asked)) : [];
  return {
    name: group.name,
    file: group.file,
    rules: rules.map((rule) => printRule(rule, asked)),
    interval: group.intervalMs / MS_PER_SECOND,
    limit: group.limit,
    evaluationTime: group.lastDurationMs / MS_PER_SECOND,
    lastEvaluation: formatRfc3339(group.lastEvaluationMs),
  };
}

/** An empty list asks for everything. */
function isAmong(asked: readonly string[], name: string): boolean {
  return asked.length === 0 || asked.includes(name);
}

function isRuleAsked(rule: RuleStatus, { kinds, ruleNames, selectors }: Asked): boolean {
  if (!kinds.includes(rule.kind) || !isAmong(ruleNames, rule.name)) return false;
  if (selectors.length === 0) return true;
  const labels = Labels.from(rule.labels);
  return selectors.some((matchers) => matchesAll(matchers, labels));
}

function printRule(rule: RuleStatus, { excludesAlerts }: Asked) {
  const shared = {
    health: rule.health,
    ...(rule.lastError === "" ? {} : { lastError: rule.lastError }),
    evaluationTime: rule.lastDurationMs / MS_PER_SECOND,
    lastEvaluation: formatRfc3339(rule.lastEvaluationMs),
    type: rule.kind,
  };
  const { name, query, labels } = rule;
  if (rule.kind === "recording") return { name, query, labels, ...shared };
  return {
    state: rule.state,
    name,
    query,
    duration: rule.forMs / MS_PER_SECOND,
    keepFiringFor: rule.keepFiringForMs / MS_PER_SECOND,
    labels,
    annotations: rule.annotations,
    // null, as Go prints a list that was never made.
    alerts: excludesAlerts ? null : rule.alerts.map(printAlert),
    ...shared,
  };
}

function printAlert(alert: ActiveAlert) {
  const { labels, annotations, state, activeAtMs, keepFiringSinceMs, value } = alert;
  return {
    labels,
    annotations,
    state,
    activeAt: formatRfc3339(activeAtMs),
    ...(keepFiringSinceMs === undefined
      ? {}
      : { keepFiringSince: formatRfc3339(keepFiringSinceMs) }),
    value: exponential(value),
  };
}

/** Go's 'e' format: one digit before the point, at least two in the exponent. */
function exponential(value: number): string {
  if (!Number.isFinite(value)) return encodeValue(value);
  const sign = Object.is(value, -0) ? "-" : "";
  return sign + value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
