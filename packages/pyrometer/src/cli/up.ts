import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { Option } from "commander";
import { isQueryFeature } from "../promql/index.ts";
import type { ExtraTarget, LogLevel, Server, ServerOptions } from "../server/index.ts";
import {
  ConfigurationError,
  createLogger,
  ListenError,
  MEMORY_RETENTION_MS,
  startServer,
  systemClock,
} from "../server/index.ts";
import type { Logger } from "../std/index.ts";
import { formatDuration } from "../std/index.ts";
import type { Milliseconds } from "./flags.ts";
import { addressFlag, durationFlag, integerFlag, namesFlag, targetFlag } from "./flags.ts";
import { VERSION } from "./version.ts";

export interface ServeFlags {
  readonly "web.listenAddress": { readonly host: string; readonly port: number };
  readonly "web.externalUrl"?: string;
  readonly "web.enableLifecycle"?: boolean;
  readonly "storage.tsdb.retention.time": Milliseconds;
  readonly "log.level": LogLevel;
  readonly "log.format": "text" | "json";
  readonly scrapeInterval?: Milliseconds;
  readonly evaluationInterval?: Milliseconds;
  readonly scrapeTarget?: ExtraTarget[];
  readonly watch: boolean;
  readonly "storage.tsdb.path"?: string;
  readonly enableFeature?: readonly string[];
  readonly "query.maxSamples"?: number;
  readonly "query.timeout"?: Milliseconds;
  readonly "query.lookbackDelta"?: Milliseconds;
}

interface UpFlags extends ServeFlags {
  readonly "config.file"?: string;
  readonly "alertmanager.config.file"?: string;
}

export function registerUp(program: Command): void {
  const command = program
    .command("up")
    .description(
      "run on a folder of standard files: prometheus.yml, rules, alertmanager.yml, dashboards",
    )
    .argument("[dir]", "the folder; without one, built-in defaults watch this process")
    .option("--config.file <file>", "prometheus.yml, when it is not DIR/prometheus.yml")
    .option(
      "--alertmanager.config.file <file>",
      "alertmanager.yml, when it is not beside prometheus.yml",
    );
  addServeFlags(command).action(async (dir: string | undefined, flags: UpFlags) => {
    if (dir !== undefined && !existsSync(dir)) return command.error(`error: no folder "${dir}"`);
    await serve(flags, {
      dir,
      configFile: flags["config.file"],
      alertmanagerConfigFile: flags["alertmanager.config.file"],
    });
  });
}

/** The flags that `up` and `demo` share. Names are Prometheus' where Prometheus has the flag. */
export function addServeFlags(command: Command): Command {
  const level = new Option("--log.level <level>", "what to log");
  const format = new Option("--log.format <format>", "how to log");
  return command
    .option("--web.listen-address <host:port>", "where to listen", addressFlag, {
      host: "127.0.0.1",
      port: 9090,
    })
    .option("--web.external-url <url>", "where people reach this server, for links in messages")
    .option("--web.enable-lifecycle", "let POST /-/quit end the server")
    .option(
      "--storage.tsdb.retention.time <duration>",
      "how long samples are kept",
      durationFlag,
      MEMORY_RETENTION_MS,
    )
    .option(
      "--scrape-interval <duration>",
      "override every scrape interval of the files",
      durationFlag,
    )
    .option(
      "--evaluation-interval <duration>",
      "override every evaluation interval of the files",
      durationFlag,
    )
    .option("--scrape-target <job=url>", "scrape this too; may be given again", targetFlag)
    .option("--no-watch", "do not reload when a file changes")
    .addOption(level.choices(["debug", "info", "warn", "error"]).default("warn"))
    .addOption(format.choices(["text", "json"]).default("text"))
    .option("--storage.tsdb.path <dir>", "has no effect yet: samples are kept in memory")
    .option("--query.max-samples <count>", "samples one query may hold at once", integerFlag)
    .option("--query.timeout <duration>", "how long one query may run", durationFlag)
    .option(
      "--query.lookback-delta <duration>",
      "how far back a selector looks for a sample",
      durationFlag,
    )
    .option(
      "--enable-feature <names>",
      "parts of Prometheus that are experiments, comma-separated; may be given again",
      namesFlag,
    );
}

/** What a command adds to the shared flags. */
export type ServeParts = Pick<
  ServerOptions,
  "dir" | "onListening" | "configFile" | "alertmanagerConfigFile" | "demo" | "isGpuSimulated"
> & {
  /** Called when the server has ended. */
  readonly onStopped?: () => Promise<void>;
  /** Lines for the terminal beside the server's own. */
  readonly components?: readonly string[];
  readonly logger?: Logger;
};

/** Runs a server until SIGINT, SIGTERM or /-/quit; SIGHUP reloads. Resolves when all has ended. */
export async function serve(flags: ServeFlags, parts: ServeParts): Promise<void> {
  const { onStopped = async () => {}, components = [], ...options } = parts;
  const logger =
    parts.logger ?? createLogger({ level: flags["log.level"], format: flags["log.format"] });
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  try {
    const server = await startServer({
      ...options,
      listen: flags["web.listenAddress"],
      externalUrl: flags["web.externalUrl"],
      quit: flags["web.enableLifecycle"] ? end : undefined,
      retentionMs: flags["storage.tsdb.retention.time"],
      scrapeIntervalMs: flags.scrapeInterval,
      evaluationIntervalMs: flags.evaluationInterval,
      extraTargets: flags.scrapeTarget ?? [],
      features: flags.enableFeature ?? [],
      queryLimits: {
        samplesMax: flags["query.maxSamples"],
        timeoutMs: flags["query.timeout"],
        lookbackMs: flags["query.lookbackDelta"],
      },
      isWatching: flags.watch,
      environment: process.env,
      clock: systemClock,
      logger,
      version: VERSION,
      webDir: fileURLToPath(new URL("../web", import.meta.url)),
      baseUrls: baseUrlsFromEnvironment(),
      flags: printFlags(flags),
    });
    announce(server, components);
    warnOfIdleFlags(flags);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
    process.on("SIGHUP", () => void server.reload());
    await ended;
    await server.stop();
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ListenError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    await onStopped();
  }
}

function announce(server: Server, components: readonly string[]): void {
  for (const line of [...server.components(), ...components]) console.log(`  ${line}`);
  for (const { severity, rendered, message } of server.problems())
    console.log(`${severity}: ${rendered ?? message}`);
  console.log(`\nPyrometer ${VERSION} is ready: ${server.url}`);
}

/** Flags of Prometheus' that a start script may hold: taken, and never in silence. */
function warnOfIdleFlags(flags: ServeFlags): void {
  const { "storage.tsdb.path": path, enableFeature = [] } = flags;
  if (path !== undefined) {
    console.error("warning: --storage.tsdb.path has no effect yet: samples are kept in memory");
  }
  for (const name of enableFeature) {
    if (isQueryFeature(name)) continue;
    console.error(`warning: --enable-feature=${name} has no effect: not one that we have`);
  }
}

/** Services at fixed addresses can be pointed elsewhere, at a proxy or a test's stand-in. */
function baseUrlsFromEnvironment(): NonNullable<ServerOptions["baseUrls"]> {
  const { PYROMETER_PAGERDUTY_URL: pagerduty } = process.env;
  if (!pagerduty) return {};
  return { pagerdutyV1: pagerduty, pagerdutyV2: pagerduty };
}

function printFlags(flags: ServeFlags): Record<string, string> {
  const { host, port } = flags["web.listenAddress"];
  return {
    "web.listen-address": `${host}:${port}`,
    "web.external-url": flags["web.externalUrl"] ?? "",
    "web.enable-lifecycle": String(flags["web.enableLifecycle"] ?? false),
    "storage.tsdb.retention.time": formatDuration(flags["storage.tsdb.retention.time"]),
    "enable-feature": (flags.enableFeature ?? []).join(","),
    "log.level": flags["log.level"],
    "log.format": flags["log.format"],
  };
}
