import { dirname, resolve } from "node:path";
import { loadRuleFile } from "../rules/index.ts";
import type { Source, SourceError } from "../std/index.ts";
import { loadPrometheusConfig, prometheusWording } from "./config-file/index.ts";
import { FileReader } from "./file-reader.ts";

/** What `pyrometer check config` says of one prometheus.yml and the rule files it names. */
export interface FileReport {
  readonly errors: readonly SourceError[];
  readonly warnings: readonly SourceError[];
  readonly summary: string;
  /** The first error as promtool words it, for scripts that look for its words. */
  readonly failure?: string;
}

export function checkPrometheusFile(
  source: Source,
  options: { readonly agentMode: boolean },
): FileReport {
  const reader = new FileReader();
  const { value, errors, warnings } = loadPrometheusConfig(source, {
    dir: dirname(resolve(source.name)),
    glob: (pattern) => reader.glob(pattern),
    readFile: (path) => reader.text(path),
    ...options,
  });
  const faults = [...errors];
  const paths = (value?.ruleFiles ?? []).flatMap((pattern) => reader.glob(pattern));
  for (const path of paths) {
    const ruleSource = reader.read(path, faults);
    if (ruleSource) faults.push(...loadRuleFile(ruleSource).errors);
  }
  const jobCount = value?.scrapeConfigs.length ?? 0;
  const first = errors[0];
  return {
    errors: faults,
    warnings,
    summary: `${jobCount} jobs, ${paths.length} rule files`,
    ...(first && { failure: prometheusWording(first) }),
  };
}
