/** Alertmanager's own inhibition cases, where they are there to be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import type { Alert } from "../alert.ts";
import { readPosted } from "../alert.ts";
import type { InhibitRule } from "../config/types.ts";
import { createAlertMatcher } from "../matchers/matcher.ts";
import { Inhibitor } from "./inhibitor.ts";

type Pairs = Readonly<Record<string, string>>;

interface RawRule {
  readonly source_match: Pairs;
  readonly target_match: Pairs;
  readonly equal: readonly string[];
}

interface InhibitCase {
  readonly test: string;
  readonly inhibit_rules: readonly RawRule[];
  readonly firing_source_alerts?: readonly { readonly labels: Pairs }[];
  readonly targets?: readonly { readonly labels: Pairs; readonly inhibited: boolean }[];
  readonly steps?: readonly {
    readonly alerts: readonly (Pairs & { readonly $resolved?: boolean })[];
    readonly muted: Readonly<Record<string, boolean>>;
  }[];
}

const NOW_MS = 1_000_000;

function ruleOf({ source_match, target_match, equal }: RawRule): InhibitRule {
  const matchers = (pairs: Pairs) =>
    Object.entries(pairs).map(([name, value]) => createAlertMatcher(name, "=", value));
  return { sourceMatchers: matchers(source_match), targetMatchers: matchers(target_match), equal };
}

function alertOf(labels: Pairs, isResolved = false): Alert {
  const times = {
    startsAtMs: NOW_MS - 60_000,
    endsAtMs: isResolved ? NOW_MS - 1 : NOW_MS + 60_000,
  };
  const read = readPosted({ labels, ...times }, { nowMs: NOW_MS, resolveTimeoutMs: 60_000 });
  if ("problem" in read) throw new Error(read.problem);
  return read.alert;
}

const dir = conformanceDir();
const cases: InhibitCase[] = dir
  ? JSON.parse(readFileSync(join(dir, "alertmanager/cases/inhibit.json"), "utf8"))
  : [];

for (const one of cases) {
  describe(one.test, () => {
    const rules = one.inhibit_rules.map(ruleOf);
    for (const { labels, inhibited } of one.targets ?? []) {
      test(`${JSON.stringify(labels)} is ${inhibited ? "" : "not "}inhibited`, () => {
        const sources = (one.firing_source_alerts ?? []).map((source) => alertOf(source.labels));
        const inhibitor = new Inhibitor(rules, sources);
        const by = inhibitor.inhibitedBy(Labels.from(labels), NOW_MS);
        expect(by.length > 0).toBe(inhibited);
      });
    }
    for (const [index, { alerts, muted }] of (one.steps ?? []).entries()) {
      test(`step ${index}`, () => {
        const list = alerts.map(({ $resolved, ...labels }) => alertOf(labels as Pairs, $resolved));
        const inhibitor = new Inhibitor(rules, list);
        for (const [text, isMuted] of Object.entries(muted)) {
          const labels = Labels.from(
            text.split(",").map((pair) => pair.split("=") as [string, string]),
          );
          expect(inhibitor.inhibitedBy(labels, NOW_MS).length > 0, text).toBe(isMuted);
        }
      });
    }
  });
}
