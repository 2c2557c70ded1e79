/** Every dashboard of the conformance data imports, and its panels are drawn or named. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conformanceDir } from "../std/testkit/conformance.ts";
import type { PanelReport } from "./model.ts";
import { allPanels } from "./model.ts";
import { readDashboard } from "./read-dashboard.ts";

const dir = conformanceDir();
const files = dir ? jsonFiles(join(dir, "dashboards")) : [];
const reports: PanelReport[] = [];

function jsonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
}

describe("real dashboards", () => {
  test.each(files)("%s imports", (path) => {
    const { dashboard, panels, errors } = readDashboard({
      name: path,
      text: readFileSync(path, "utf8"),
    });
    expect(errors).toEqual([]);
    expect(panels.length).toBeGreaterThan(0);
    expect(allPanels(dashboard!).map(({ id }) => id)).toEqual(panels.map(({ id }) => id));
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { status, reasons } of panels) {
      expect(status === "drawn" || reasons.length > 0).toBe(true);
    }
    reports.push(...panels);
  });

  test("all but a few of their panels are drawn", () => {
    const drawnCount = reports.filter(({ status }) => status === "drawn").length;
    const percent = (100 * drawnCount) / Math.max(1, reports.length);
    if (files.length > 0) {
      process.stdout.write(
        `${drawnCount} of ${reports.length} panels drawn (${percent.toFixed(1)} %)\n`,
      );
    }
    expect(percent >= 97 || files.length === 0).toBe(true);
  });
});
