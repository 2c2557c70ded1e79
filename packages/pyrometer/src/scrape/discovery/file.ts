/**
 * Targets from files that others write. A file that cannot be read keeps the targets it gave
 * before, and says so; one that is gone takes its targets with it.
 *
 * Files are polled for a changed version, rather than watched: it works the same on every file
 * system, symbolic links of Kubernetes' config maps included, and costs one stat per file.
 */
import type { CancelTimer } from "../../std/index.ts";
import type { FileDiscovery, TargetGroup } from "../config/types.ts";
import { FILE_POLL_MS } from "../limits.ts";
import type { ScrapeProblem } from "../problem.ts";
import type {
  DiscoveryDeps,
  DiscoveryFile,
  DiscoveryOptions,
  RunningDiscovery,
} from "./discovery.ts";
import { readTargetGroups } from "./target-groups.ts";

interface KnownFile {
  readonly version: string;
  readonly groups: readonly TargetGroup[];
  readonly problems: readonly ScrapeProblem[];
}

export function startFileDiscovery(
  discovery: FileDiscovery,
  options: DiscoveryOptions,
  deps: DiscoveryDeps,
): RunningDiscovery {
  const { clock, logger } = deps;
  const state = { known: new Map<string, KnownFile>(), hasReported: false, isStopped: false };
  let cancelTimer: CancelTimer = () => {};

  const poll = async () => {
    const isChanged = await refresh(state.known, { discovery, options, deps });
    if (state.isStopped) return;
    if (isChanged || !state.hasReported) {
      state.hasReported = true;
      options.onChange(merge(state.known, { discovery, options }));
    }
    schedule(Math.min(FILE_POLL_MS, discovery.refreshIntervalMs));
  };
  const schedule = (delayMs: number) => {
    cancelTimer = clock.setTimer(delayMs, () => {
      poll().catch((error: unknown) => logger.error("BUG: file discovery threw", { error }));
    });
  };
  schedule(0);
  return {
    stop() {
      state.isStopped = true;
      cancelTimer();
    },
  };
}

interface Job {
  readonly discovery: FileDiscovery;
  readonly options: DiscoveryOptions;
  readonly deps: DiscoveryDeps;
}

/** Brings `known` up to date; whether anything changed. */
async function refresh(known: Map<string, KnownFile>, job: Job): Promise<boolean> {
  const { discovery, deps } = job;
  const lists = await Promise.all(discovery.files.map((pattern) => deps.files.list(pattern)));
  const found = new Map(lists.flat().map((file) => [file.path, file]));
  let isChanged = false;
  for (const path of known.keys()) {
    if (!found.has(path)) isChanged = known.delete(path) || isChanged;
  }
  for (const file of found.values()) {
    const before = known.get(file.path);
    if (before?.version === file.version) continue;
    known.set(file.path, await readFile(file, before, job));
    isChanged = true;
  }
  return isChanged;
}

async function readFile(
  { path, version }: DiscoveryFile,
  before: KnownFile | undefined,
  { options, deps }: Job,
): Promise<KnownFile> {
  const kept = before?.groups ?? [];
  const job = options.jobName;
  try {
    const source = { name: path, text: await deps.files.read(path) };
    const { groups, errors } = readTargetGroups(source, { __meta_filepath: path });
    if (groups) return { version, groups, problems: [] };
    deps.metrics.discoveryFailures.labels({ kind: "file" }).inc();
    const problems = errors.map(
      (error): ScrapeProblem => ({
        severity: "error",
        code: error.code,
        job,
        message: error.message,
        sourceError: error,
      }),
    );
    return { version, groups: kept, problems };
  } catch (error) {
    deps.metrics.discoveryFailures.labels({ kind: "file" }).inc();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot read targets from "${path}": ${reason}`;
    const problem: ScrapeProblem = { severity: "error", code: "scrape/discovery", job, message };
    return { version, groups: kept, problems: [problem] };
  }
}

function merge(
  known: ReadonlyMap<string, KnownFile>,
  { discovery, options }: Pick<Job, "discovery" | "options">,
) {
  const files = [...known.values()];
  const problems = files.flatMap((file) => file.problems);
  if (files.length === 0) {
    const patterns = discovery.files.map((pattern) => `"${pattern}"`).join(", ");
    problems.push({
      severity: "warning",
      code: "scrape/discovery",
      job: options.jobName,
      message: `Cannot find targets in ${patterns}: no such file, expected at least one`,
    });
  }
  return { groups: files.flatMap((file) => file.groups), problems };
}
