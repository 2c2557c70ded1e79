import { readFileSync, statSync } from "node:fs";
import type { Command } from "commander";
import { Option } from "commander";
import { loadAlertmanagerConfig } from "../alertmanager/index.ts";
import type { PanelReport } from "../dashboards/index.ts";
import { readDashboard } from "../dashboards/index.ts";
import { checkExposition } from "../exposition/index.ts";
import { findDuplicateRules, loadRuleFile } from "../rules/index.ts";
import { checkPrometheusFile } from "../server/index.ts";
import type { Source, SourceError } from "../std/index.ts";

interface Findings {
  readonly errors: readonly SourceError[];
  readonly warnings?: readonly SourceError[];
  /** What is in a good file, for the "ok" line. */
  readonly summary?: string;
  /** What promtool would say of a bad one, in its words. */
  readonly failure?: string;
}

/** `pyrometer check …`: exit 1 and file:line:col on a fault; warnings alone are exit 0. */
export function registerCheck(program: Command): void {
  const check = program
    .command("check")
    .description("check files: exit 1 and file:line:col on a fault");

  check
    .command("config")
    .description("prometheus.yml")
    .argument("<file...>")
    .option("--agent", "as Prometheus' agent mode reads it")
    .action((files: string[], { agent }: { agent?: boolean }) =>
      report(files, (source) => checkPrometheusFile(source, { agentMode: agent ?? false })),
    );

  check
    .command("rules")
    .description("rule files")
    .argument("<file...>")
    .addOption(
      new Option("--lint <what>", "what else to look for")
        .choices(["all", "duplicate-rules", "none"])
        .default("duplicate-rules"),
    )
    .option("--lint-fatal", "exit 3 when there is nothing worse than that")
    .action(checkRules);

  check
    .command("alertmanager")
    .description("alertmanager.yml")
    .argument("<file...>")
    .action((files: string[]) =>
      report(files, (source) => {
        const { value, errors, warnings } = loadAlertmanagerConfig(source, {
          environment: process.env,
        });
        return { errors, warnings, summary: `${value?.receivers.length ?? 0} receivers` };
      }),
    );

  check
    .command("metrics")
    .description("a /metrics body")
    .argument("<file...>")
    .option("--format <format>", "prometheus or openmetrics", "prometheus")
    .action((files: string[], { format }: { format: string }) => {
      if (format !== "prometheus" && format !== "openmetrics") {
        return check.error("error: --format wants prometheus or openmetrics");
      }
      report(files, (source) => ({ errors: checkExposition(source, format) }));
    });

  check
    .command("dashboard")
    .description("Grafana dashboards")
    .argument("<file...>")
    .option("--report", "say for each panel whether it is drawn")
    .option("--output <format>", "text or json", "text")
    .action(checkDashboards);
}

/** As promtool's. */
const EXIT_LINT = 3;

function checkRules(
  files: readonly string[],
  { lint, lintFatal }: { lint: string; lintFatal?: boolean },
): void {
  let lintCount = 0;
  report(files, (source) => {
    const { value, errors, warnings } = loadRuleFile(source);
    const known = new Set(warnings.map(({ span }) => span.start));
    const found = lint === "none" ? [] : findDuplicateRules(source);
    lintCount += found.length;
    const ruleCount = (value ?? []).reduce((sum, group) => sum + group.rules.length, 0);
    return {
      errors,
      warnings: [...warnings, ...found.filter(({ span }) => !known.has(span.start))],
      summary: `${ruleCount} rules`,
    };
  });
  if (lintFatal && lintCount > 0) process.exitCode ??= EXIT_LINT;
}

function report(files: readonly string[], check: (source: Source) => Findings): void {
  for (const file of files) {
    const source = readSource(file);
    if (!source) continue;
    const { errors, warnings = [], summary, failure } = check(source);
    for (const warning of warnings) console.error(`warning: ${warning.render()}`);
    for (const error of errors) console.error(error.render());
    if (failure !== undefined) console.error(`FAILED: ${failure}`);
    if (errors.length === 0) console.log(`${file}: ok${summary ? ` (${summary})` : ""}`);
    else process.exitCode = 1;
  }
}

function checkDashboards(
  files: readonly string[],
  flags: { report?: boolean; output: string },
): void {
  const reports: { panels: readonly PanelReport[] }[] = [];
  for (const file of files) {
    const source = readSource(file);
    if (!source) continue;
    const { panels, errors } = readDashboard(source);
    for (const error of errors) console.error(error.render());
    if (errors.length > 0) process.exitCode = 1;
    reports.push({ panels });
    if (flags.report && flags.output !== "json") printPanels(panels);
    else if (errors.length === 0 && flags.output !== "json")
      console.log(`${file}: ok (${panels.length} panels)`);
  }
  // One file gives one report, as documented; several give a list.
  if (flags.output === "json")
    console.log(JSON.stringify(files.length === 1 ? reports[0] : reports));
}

function printPanels(panels: readonly PanelReport[]): void {
  for (const { id, title, type, status, reasons } of panels) {
    const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
    console.log(`${String(id).padStart(4)} ${status.padEnd(11)} ${type.padEnd(12)} ${title}${why}`);
  }
}

function readSource(file: string): Source | undefined {
  try {
    if (!statSync(file).isFile()) throw new Error("not a file");
    return { name: file, text: readFileSync(file, "utf8") };
  } catch (error) {
    console.error(`${file}: Cannot read it: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
    return undefined;
  }
}
