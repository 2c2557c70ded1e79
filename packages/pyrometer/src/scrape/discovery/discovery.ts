/** What every kind of discovery is to the job that runs it. */
import type { Clock, Logger } from "../../std/index.ts";
import { unreachable } from "../../std/index.ts";
import type { Discovery, TargetGroup } from "../config/types.ts";
import type { ScrapeFetcher } from "../fetcher.ts";
import type { ScrapeProblem } from "../problem.ts";
import type { SelfMetrics } from "../self-metrics.ts";
import { startFileDiscovery } from "./file.ts";
import { startHttpDiscovery } from "./http.ts";

/** What discovery says now; it replaces what it said before. */
export interface Discovered {
  /** The last good answer: one that cannot be read changes nothing here. */
  readonly groups: readonly TargetGroup[];
  /** What is wrong with the newest answer. */
  readonly problems: readonly ScrapeProblem[];
}

export interface RunningDiscovery {
  stop(): void;
}

/** The seam to the disk. */
export interface DiscoveryFiles {
  /**
   * Files that match `pattern`, a path with wildcards in its last element at most, sorted by path.
   * No match, or no such folder, is an empty list.
   */
  list(pattern: string): Promise<readonly DiscoveryFile[]>;
  /** @throws {Error} the system's own, when the file cannot be read */
  read(path: string): Promise<string>;
}

export interface DiscoveryFile {
  readonly path: string;
  /** Differs when the content may differ. */
  readonly version: string;
}

export interface DiscoveryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetcher: ScrapeFetcher;
  readonly files: DiscoveryFiles;
  readonly metrics: SelfMetrics;
}

export interface DiscoveryOptions {
  readonly jobName: string;
  /** Called at once by static discovery, and later whenever something changed. */
  readonly onChange: (discovered: Discovered) => void;
}

export function startDiscovery(
  discovery: Discovery,
  options: DiscoveryOptions,
  deps: DiscoveryDeps,
): RunningDiscovery {
  switch (discovery.kind) {
    case "static":
      options.onChange({ groups: discovery.groups, problems: [] });
      return { stop() {} };
    case "file":
      return startFileDiscovery(discovery, options, deps);
    case "http":
      return startHttpDiscovery(discovery, options, deps);
    default:
      return unreachable(discovery);
  }
}
