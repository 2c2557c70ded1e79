/** Runs the built command line as a user would: a process of its own, read through its output. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../packages/pyrometer/bin/pyrometer.js", import.meta.url));

export interface PyrometerProcess {
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the URL it prints when ready. @throws when it ends or says nothing in time */
  ready(timeoutMs?: number): Promise<string>;
  exit: Promise<number | null>;
  /** SIGINT, and SIGKILL when that is not enough. Resolves with how long it took. */
  stop(): Promise<number>;
}

export function runPyrometer(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): PyrometerProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return {
    child,
    output: () => output,
    exit,
    async ready(timeoutMs = 30_000) {
      return await waitFor("the line that says it is ready", timeoutMs, async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
        return /is ready: (http\S+)/.exec(output)?.[1];
      });
    },
    async stop() {
      const startedMs = Date.now();
      child.kill("SIGINT");
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exit;
      clearTimeout(killer);
      return Date.now() - startedMs;
    },
  };
}

/** Asks `probe` again and again until it gives something other than undefined or false. */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadlineMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Processes whose parent is `pid`, or that were started by it and now belong to nobody. Linux. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return parent === pid ? [Number(name)] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}
