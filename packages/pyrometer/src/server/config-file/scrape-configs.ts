/** The jobs of the file itself and of those in scrape_config_files. */
import { dirname } from "node:path";
import { load, parseYaml, quoted } from "../../config/index.ts";
import type { RawScrapeConfig, ScrapeConfig, ScrapeDefaults } from "../../scrape/index.ts";
import { toScrapeConfig } from "../../scrape/index.ts";
import { INCLUDED_FILES_MAX } from "../limits.ts";
import { FileReport } from "./file-report.ts";
import type { RawPrometheusConfig } from "./schema.ts";
import { scrapeConfigFileSchema } from "./schema.ts";
import type { ConfigFileDeps } from "./types.ts";

export interface ReadOptions {
  readonly defaults: ScrapeDefaults;
  readonly report: FileReport;
  readonly deps: ConfigFileDeps;
}

export function readScrapeConfigs(
  raw: RawPrometheusConfig,
  { defaults, report, deps }: ReadOptions,
): readonly ScrapeConfig[] {
  const seen = new JobNames();
  const own = readJobs(raw.scrape_configs, { defaults, report, seen, where: "main config file" });
  const included = raw.scrape_config_files.flatMap((pattern, index) => {
    const paths = deps.glob(report.resolve(pattern));
    if (paths.length > INCLUDED_FILES_MAX) {
      const problem = `Cannot include ${quoted(pattern)}: it matches ${paths.length} files, at most ${INCLUDED_FILES_MAX} are read`;
      report.fail(problem, ["scrape_config_files", index]);
      return [];
    }
    return paths.flatMap((path) => {
      const text = readText(path, deps);
      if (typeof text === "string")
        return readIncluded({ name: path, text }, { defaults, report, seen });
      report.fail(text.problem, ["scrape_config_files", index]);
      return [];
    });
  });
  return [...own, ...included];
}

/** Names must be unique over all files: they are a label, and the key to a job's state. */
class JobNames {
  readonly #whereByName = new Map<string, string>();

  /** What is wrong with taking `name`, if it is taken. */
  take(name: string, where: string): string | undefined {
    const first = this.#whereByName.get(name);
    if (first === undefined) {
      this.#whereByName.set(name, where);
      return undefined;
    }
    return `found multiple scrape configs with job name ${quoted(name)}, first found in ${first}`;
  }
}

interface JobsContext {
  readonly defaults: ScrapeDefaults;
  readonly report: FileReport;
  readonly seen: JobNames;
}

function readJobs(
  jobs: readonly RawScrapeConfig[],
  { defaults, report, seen, where }: JobsContext & { readonly where: string },
): ScrapeConfig[] {
  return jobs.map((job, index) => {
    const taken = seen.take(job.job_name, where);
    if (taken) report.fail(taken, ["scrape_configs", index, "job_name"]);
    return toScrapeConfig(job, defaults, report.at("scrape_configs", index));
  });
}

/** An included file's relative paths are relative to itself. */
function readIncluded(
  source: { readonly name: string; readonly text: string },
  { defaults, report, seen }: JobsContext,
): ScrapeConfig[] {
  const file = parseYaml(source);
  const loaded = load(file, scrapeConfigFileSchema);
  if (!loaded.value) {
    report.include(loaded);
    return [];
  }
  const own = new FileReport(file, dirname(source.name), loaded.warnings);
  const where = quoted(source.name);
  const jobs = readJobs(loaded.value.scrape_configs, { defaults, report: own, seen, where });
  report.include(own.conclude(jobs));
  return jobs;
}

function readText(path: string, deps: ConfigFileDeps): string | { readonly problem: string } {
  try {
    return deps.readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `Cannot read ${quoted(path)}: ${why}` };
  }
}
