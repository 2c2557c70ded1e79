/** Alertmanager's own cases of what templates see, where they are there to be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import type { NotifiedAlert } from "../alert.ts";
import { notifiedAt, readPosted } from "../alert.ts";
import { createData, toWebhookJson } from "./data.ts";

type Pairs = Readonly<Record<string, string>>;

interface RawAlert {
  readonly StartsAt?: string;
  readonly EndsAt?: string;
  readonly Labels: Pairs;
  readonly Annotations?: Pairs;
}

interface Expected {
  readonly Receiver?: string;
  readonly Status: string;
  readonly Alerts: readonly (RawAlert & {
    readonly Status: string;
    readonly Fingerprint: string;
  })[];
  readonly GroupLabels: Pairs;
  readonly CommonLabels: Pairs;
  readonly CommonAnnotations: Pairs;
  readonly RouteLabels?: Pairs;
}

interface DataCase {
  readonly receiver?: string;
  readonly groupLabels?: Pairs;
  readonly routeLabels?: Pairs;
  readonly alerts?: readonly { readonly Alert: RawAlert }[];
  readonly exp: Expected;
}

const NOW_MS = Date.UTC(2026, 0, 1);
const START_MS = NOW_MS - 60_000;
const END_MS = NOW_MS - 30_000;

function notified({ Labels: labels, Annotations, EndsAt }: RawAlert): NotifiedAlert {
  const endsAtMs = EndsAt === undefined ? undefined : END_MS;
  const posted = { labels, annotations: Annotations, startsAtMs: START_MS, endsAtMs };
  const read = readPosted(posted, { nowMs: NOW_MS, resolveTimeoutMs: 60_000 });
  if ("problem" in read) throw new Error(read.problem);
  return notifiedAt(read.alert, NOW_MS);
}

const dir = conformanceDir();
const cases: DataCase[] = dir
  ? JSON.parse(readFileSync(join(dir, "alertmanager/cases/templates.json"), "utf8")).data
  : [];

describe.runIf(dir)("template data", () => {
  test.each(cases.map((one, index) => [index, one] as const))("%s", (_, one) => {
    const { receiver = "", groupLabels = {}, routeLabels = {}, alerts = [], exp } = one;
    const data = createData({
      receiver,
      groupLabels: Labels.from(groupLabels),
      routeLabels,
      reason: "first notification",
      externalUrl: "http://x",
      alerts: alerts.map(({ Alert }) => notified(Alert)),
    });
    const json = toWebhookJson(data);
    expect(json).toMatchObject({
      receiver: exp.Receiver ?? "",
      status: exp.Status,
      groupLabels: exp.GroupLabels ?? {},
      commonLabels: exp.CommonLabels,
      commonAnnotations: exp.CommonAnnotations,
    });
    expect(json.alerts.map(({ status, fingerprint }) => [status, fingerprint])).toEqual(
      Object.values(exp.Alerts).map(({ Status, Fingerprint }) => [Status, Fingerprint]),
    );
  });
});
