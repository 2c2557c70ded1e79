/**
 * What one test runs in: an empty store fed with its input series, the engine, and the rule groups,
 * all at the test's own time. The evaluator is the server's: only who calls it differs.
 */
import { createRegistry } from "@pyrometer/client";
import { Labels } from "../../model/index.ts";
import { createEngine } from "../../promql/index.ts";
import { silentLogger, VirtualClock } from "../../std/index.ts";
import type { QueryBackend } from "../../storage/index.ts";
import { MemoryStore } from "../../storage/index.ts";
import type { GroupDeps } from "../group-runner.ts";
import { GroupRunner } from "../group-runner.ts";
import type { RuleFileGroups } from "../rule-manager.ts";
import { createSampleWriter } from "../sample-writer.ts";
import { createSelfMetrics } from "../self-metrics.ts";
import type { InputSeries } from "./input-series.ts";
import { InputFeed } from "./input-series.ts";
import type { TestFile, TestGroup } from "./test-file.ts";

export interface TestWorld {
  readonly startMs: number;
  readonly backend: QueryBackend;
  /** In the order of their evaluation. */
  readonly groups: readonly GroupRunner[];
  /** Stores the input up to `evalMs`, then evaluates every group, whatever its own interval. */
  evaluate(evalMs: number): Promise<void>;
}

export interface TestWorldOptions {
  readonly file: TestFile;
  readonly test: TestGroup;
  readonly input: readonly InputSeries[];
  readonly ruleFiles: readonly RuleFileGroups[];
}

export function createTestWorld({ file, test, input, ruleFiles }: TestWorldOptions): TestWorld {
  const { evaluationIntervalMs } = file;
  const startMs = test.start_timestamp;
  const store = new MemoryStore();
  const limits = { subqueryStepMs: evaluationIntervalMs };
  const backend = createEngine({ reader: store, limits });
  const intervalMs = test.interval || evaluationIntervalMs;
  const feed = new InputFeed(store, input, { startMs, intervalMs });
  const deps = groupDeps(test, { backend, store });
  const groups = ruleFiles.flatMap(({ path, groups: configs }) =>
    configs.map((config) => {
      return new GroupRunner({ config, file: path, intervalMs, restores: false }, deps);
    }),
  );
  const ordered = inOrder(groups, file.groupOrder);
  return {
    startMs,
    backend,
    groups: ordered,
    async evaluate(evalMs) {
      await feed.appendUntil(evalMs);
      for (const group of ordered) await group.evaluate(evalMs);
    },
  };
}

function groupDeps(
  test: TestGroup,
  { backend, store }: { readonly backend: QueryBackend; readonly store: MemoryStore },
): GroupDeps {
  const externalLabels = Labels.from(test.external_labels);
  return {
    backend,
    reader: store,
    writer: createSampleWriter(store),
    clock: new VirtualClock(test.start_timestamp),
    logger: silentLogger,
    alertSink: { send() {} },
    metrics: createSelfMetrics(createRegistry()),
    settings: () => ({ externalLabels, externalUrl: test.external_url }),
  };
}

/** As promtool: groups the order does not name come with its first one. */
function inOrder(groups: readonly GroupRunner[], order: readonly string[]): GroupRunner[] {
  const rank = ({ config }: GroupRunner) => Math.max(0, order.indexOf(config.name));
  return [...groups].sort((a, b) => rank(a) - rank(b));
}
