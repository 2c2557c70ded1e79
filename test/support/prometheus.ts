/** A real Prometheus with an empty database, to compare with: $PROMETHEUS, or one on the PATH. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "./pyrometer-process.ts";
import type { WrittenSeries } from "./remote-write.ts";
import { encodeWriteRequest } from "./remote-write.ts";

export interface PrometheusPeer {
  readonly version: string;
  readonly url: string;
  write(series: readonly WrittenSeries[]): Promise<void>;
  stop(): Promise<void>;
}

/** undefined, said out loud, where there is none. */
export async function startPrometheus(): Promise<PrometheusPeer | undefined> {
  const binary = process.env.PROMETHEUS ?? "prometheus";
  const asked = spawnSync(binary, ["--version"], { encoding: "utf8" });
  const version = /version (\S+)/.exec(`${asked.stdout}${asked.stderr}`)?.[1];
  if (version === undefined) {
    process.stderr.write(`NOT RUN: no Prometheus at "${binary}"; set PROMETHEUS\n`);
    return undefined;
  }
  const dir = mkdtempSync(join(tmpdir(), "pyrometer-compat-"));
  writeFileSync(join(dir, "prometheus.yml"), "scrape_configs: []\n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    binary,
    [
      `--config.file=${join(dir, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(dir, "data")}`,
      // Data of any age: a test's samples have fixed times.
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
      "--enable-feature=promql-at-modifier,promql-experimental-functions",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exit = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await exit;
    clearTimeout(killer);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await waitFor("Prometheus to be ready", 30_000, async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended:\n${log}`);
      return (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { version, url, stop, write: (series) => write(url, series) };
}

async function write(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: "POST",
    headers: {
      "content-encoding": "snappy",
      "content-type": "application/x-protobuf",
      "x-prometheus-remote-write-version": "0.1.0",
    },
    body: new Uint8Array(encodeWriteRequest(series)),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
