/** One job: its discoveries, and a loop for each target they lead to. */
import type { Labels } from "../model/index.ts";
import type { Discovery, ScrapeConfig } from "./config/types.ts";
import type { Discovered, DiscoveryDeps, RunningDiscovery } from "./discovery/discovery.ts";
import { startDiscovery } from "./discovery/discovery.ts";
import { DROPPED_TARGETS_MAX, PROBLEMS_PER_JOB_MAX } from "./limits.ts";
import type { LoopDeps } from "./loop/scrape-loop.ts";
import { ScrapeLoop } from "./loop/scrape-loop.ts";
import type { ScrapeProblem } from "./problem.ts";
import type { CompiledRelabelRule } from "./relabel/relabel.ts";
import { compileRelabel } from "./relabel/relabel.ts";
import type { Target } from "./targets/target-labels.ts";
import { buildTargets } from "./targets/target-labels.ts";

export interface PoolDeps extends LoopDeps, DiscoveryDeps {
  /** Where in its interval a target is scraped, in [0, 1): the same for the same target. */
  readonly phaseOf: (target: Target) => number;
}

interface Running {
  readonly discovery: RunningDiscovery;
  discovered: Discovered;
}

const NOTHING: Discovered = { groups: [], problems: [] };

export class ScrapePool {
  readonly #config: ScrapeConfig;
  readonly #deps: PoolDeps;
  readonly #rules: readonly CompiledRelabelRule[];
  readonly #metricRules: readonly CompiledRelabelRule[];
  /** By the discovery's settings. */
  readonly #discoveries = new Map<string, Running>();
  /** By target id. */
  readonly #loops = new Map<string, ScrapeLoop>();
  /** Loops on their way out: their last staleness markers are not written yet. */
  readonly #ending = new Set<Promise<void>>();
  #dropped: Labels[] = [];
  #problems: ScrapeProblem[] = [];
  #isChanging = false;
  #isStopped = false;

  constructor(config: ScrapeConfig, deps: PoolDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#rules = compileRelabel(config.relabel);
    this.#metricRules = compileRelabel(config.metricRelabel);
  }

  get jobName(): string {
    return this.#config.jobName;
  }

  /** Loops in the order of their targets' labels. */
  loops(): ScrapeLoop[] {
    return [...this.#loops.values()].sort((a, b) => a.target.labels.compare(b.target.labels));
  }

  /** Discovered labels of dropped targets, as many as the job keeps. */
  dropped(): readonly Labels[] {
    return this.#dropped;
  }

  problems(): readonly ScrapeProblem[] {
    return this.#problems;
  }

  /** Starts what is new, stops what is gone; a discovery that was there already keeps running. */
  setDiscoveries(discoveries: readonly Discovery[]): void {
    const wanted = keyed(discoveries);
    this.#isChanging = true;
    for (const [key, { discovery }] of this.#discoveries) {
      if (wanted.has(key)) continue;
      discovery.stop();
      this.#discoveries.delete(key);
    }
    for (const [key, discovery] of wanted) {
      if (!this.#discoveries.has(key)) this.#startDiscovery(key, discovery);
    }
    this.#isChanging = false;
    this.#sync();
  }

  /** Ends every loop. Resolves when their staleness markers are stored. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { discovery } of this.#discoveries.values()) discovery.stop();
    for (const [id, loop] of this.#loops) this.#end(id, loop);
    this.#deps.metrics.targets.remove({ job: this.jobName });
    await Promise.all(this.#ending);
  }

  #startDiscovery(key: string, discovery: Discovery): void {
    // Static discovery answers before it is returned.
    let first = NOTHING;
    let running: Running | undefined;
    const onChange = (discovered: Discovered) => {
      if (running) running.discovered = discovered;
      else first = discovered;
      this.#sync();
    };
    const started = startDiscovery(discovery, { jobName: this.jobName, onChange }, this.#deps);
    running = { discovery: started, discovered: first };
    this.#discoveries.set(key, running);
  }

  #sync(): void {
    if (this.#isChanging || this.#isStopped) return;
    this.#dropped = [];
    this.#problems = [];
    const targets = this.#collectTargets();
    for (const [id, loop] of this.#loops) if (!targets.has(id)) this.#end(id, loop);
    for (const [id, target] of targets) if (!this.#loops.has(id)) this.#begin(target);
    this.#enforceTargetLimit();
    this.#deps.metrics.targets.labels({ job: this.jobName }).set(this.#loops.size);
  }

  #collectTargets(): Map<string, Target> {
    const targets = new Map<string, Target>();
    for (const { discovered } of this.#discoveries.values()) {
      for (const problem of discovered.problems) this.#addProblem(problem);
      for (const group of discovered.groups) {
        const outcomes = buildTargets(group, { config: this.#config, rules: this.#rules });
        for (const outcome of outcomes) {
          switch (outcome.kind) {
            case "target":
              this.#collect(targets, outcome.target);
              break;
            case "dropped":
              this.#addDropped(outcome.discoveredLabels);
              break;
            case "problem":
              this.#refuse(`instance ${outcome.discoveredLabels}`, "target", outcome.problem);
              break;
          }
        }
      }
    }
    return targets;
  }

  #collect(targets: Map<string, Target>, target: Target): void {
    if (!targets.has(target.id)) {
      targets.set(target.id, target);
      return;
    }
    const why = "another target has the same labels and URL, it is scraped once";
    this.#refuse(`${target.url} twice as ${target.labels}`, "duplicate-target", why);
  }

  #refuse(what: string, kind: string, why: string): void {
    this.#addProblem({
      severity: kind === "duplicate-target" ? "warning" : "error",
      code: `scrape/${kind}`,
      job: this.jobName,
      message: `Cannot scrape ${what} in job "${this.jobName}": ${why}`,
    });
  }

  #addProblem(problem: ScrapeProblem): void {
    if (this.#problems.length < PROBLEMS_PER_JOB_MAX) this.#problems.push(problem);
  }

  #addDropped(labels: Labels): void {
    const { keepDroppedTargets } = this.#config;
    const keptMax = keepDroppedTargets > 0 ? keepDroppedTargets : DROPPED_TARGETS_MAX;
    if (this.#dropped.length < keptMax) this.#dropped.push(labels);
  }

  #begin(target: Target): void {
    const phase = this.#deps.phaseOf(target);
    const options = { target, config: this.#config, metricRules: this.#metricRules, phase };
    const loop = new ScrapeLoop(options, this.#deps);
    this.#loops.set(target.id, loop);
    loop.start();
  }

  #end(id: string, loop: ScrapeLoop): void {
    this.#loops.delete(id);
    const ending = loop.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** Over the limit no target is scraped at all: which ones to leave out would be a guess. */
  #enforceTargetLimit(): void {
    const { targetLimit } = this.#config;
    const isOver = targetLimit > 0 && this.#loops.size > targetLimit;
    const message = `target_limit exceeded (number of targets: ${this.#loops.size}, limit: ${targetLimit})`;
    const failure = isOver ? { reason: "target-limit" as const, message } : undefined;
    for (const loop of this.#loops.values()) loop.setForcedFailure(failure);
    if (!isOver) return;
    const job = this.jobName;
    this.#addProblem({
      severity: "error",
      code: "scrape/target-limit",
      job,
      message: `Cannot scrape job "${job}": ${message}`,
    });
  }
}

/** By their settings. One that is there twice counts twice, so that its targets are found to be double. */
function keyed(discoveries: readonly Discovery[]): Map<string, Discovery> {
  const byKey = new Map<string, Discovery>();
  for (const discovery of discoveries) {
    let key = JSON.stringify(discovery);
    while (byKey.has(key)) key += "+";
    byKey.set(key, discovery);
  }
  return byKey;
}
