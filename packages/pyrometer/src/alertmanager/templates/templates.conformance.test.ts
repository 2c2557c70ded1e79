/** Real teams' template files over a notification of ours, where they are there to be read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { notifiedAt, readPosted } from "../alert.ts";
import type { NotificationData } from "./data.ts";
import { createData } from "./data.ts";
import { DEFAULT_TEMPLATES } from "./default-templates.ts";
import { createRenderer } from "./renderer.ts";

const NOW_MS = Date.UTC(2026, 0, 1);

function sample(): NotificationData {
  const alerts = ["a", "b"].map((instance) => {
    const labels = { alertname: "Hot", severity: "critical", instance, cluster: "c", region: "r" };
    const annotations = { summary: `${instance} is hot`, description: "very" };
    const posted = { labels, annotations, startsAtMs: NOW_MS - 60_000 };
    const read = readPosted(posted, { nowMs: NOW_MS, resolveTimeoutMs: 60_000 });
    if ("problem" in read) throw new Error(read.problem);
    return notifiedAt(read.alert, NOW_MS);
  });
  return createData({
    receiver: "team",
    groupLabels: Labels.from({ alertname: "Hot" }),
    routeLabels: {},
    reason: "first notification",
    externalUrl: "http://am.example",
    alerts,
  });
}

const root = conformanceDir();
const dir = root === undefined ? "" : join(root, "alertmanager/templates");
const names = root ? readdirSync(dir).filter((name) => name.endsWith(".tmpl")) : [];

/** Stands in for what a file takes from its neighbours, which may be Helm's rather than Go's. */
function stubs(text: string) {
  const used = [...text.matchAll(/template "([^"]+)"/g)].map(([, found]) => found!);
  const foreign = used.filter((one) => !text.includes(`define "${one}"`) && !isOurs(one));
  return {
    name: "<neighbours>",
    text: foreign.map((one) => `{{ define "${one}" }}${one}{{ end }}`).join(""),
  };
}

const isOurs = (one: string) => DEFAULT_TEMPLATES.some(({ text }) => text.includes(`"${one}"`));

/** Definitions that take something else than the whole notification. */
const PARTIAL = /^__text_alert|alert_list|instances$|^__single|_severity_prefix|list/;

describe.runIf(root)("real template files", () => {
  test.each(names)("%s", async (name) => {
    const text = readFileSync(join(dir, name), "utf8");
    const templates = [stubs(text), { name, text }];
    const { renderer, errors } = createRenderer({ nowMs: () => NOW_MS, templates });
    expect(errors.map(({ message }) => message)).toEqual([]);
    const defined = [...text.matchAll(/\{\{-?\s*define "([^"]+)"/g)].map(([, found]) => found!);
    for (const one of defined.filter((found) => !PARTIAL.test(found))) {
      const rendered = await renderer!.render(`{{ template "${one}" . }}`, sample());
      expect(rendered, one).not.toContain("<no value>");
    }
  });
});
