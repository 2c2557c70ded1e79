/**
 * Starts the servers that are compared, each in a process of its own with the same samples: ours,
 * and Prometheus and VictoriaMetrics where the PATH has them. Everything listens on 127.0.0.1.
 */
import { execFile, spawn } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const START_TIMEOUT_MS = 120_000;

/** A server: its name, its URL, and how to end it. */
export async function startPyrometer({ path }) {
  const script = fileURLToPath(new URL("serve.mjs", import.meta.url));
  // Profiling wants --cpu-prof here: PYROMETER_BENCH_NODE_ARGS="--cpu-prof --cpu-prof-dir=/tmp/p".
  const nodeArgs = (process.env.PYROMETER_BENCH_NODE_ARGS ?? "").split(" ").filter(Boolean);
  const child = spawn(process.execPath, [...nodeArgs, script, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    new Promise((resolve) => lines.once("line", resolve)),
    failure(child, "our server"),
  ]);
  return { name: "pyrometer", url, stop: () => stop(child) };
}

export async function startPrometheus({ path }, folder) {
  const data = join(folder, "prometheus");
  mkdirSync(data, { recursive: true });
  const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", path, data];
  await promisify(execFile)("promtool", args, { maxBuffer: 1 << 26 });
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, "global: {}\n");
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=30d",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const url = `http://127.0.0.1:${port}`;
  await isReady(`${url}/-/ready`, child);
  return { name: "prometheus", url, stop: () => stop(child) };
}

export async function startVictoriaMetrics({ path }, folder) {
  const port = await freePort();
  const child = spawn(
    "victoria-metrics",
    [
      `-storageDataPath=${join(folder, "victoria-metrics")}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-retentionPeriod=1y",
      // Answers of earlier runs are no measure of an engine. -search.disableCache as well as this
      // file's runs that shift by a second: it aligns ranges to the step and would hit every time.
      "-search.disableCache",
      "-search.latencyOffset=0s",
      "-loggerLevel=ERROR",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const url = `http://127.0.0.1:${port}`;
  await isReady(`${url}/health`, child);
  const body = Readable.from(withMilliseconds(path));
  const sent = await fetch(`${url}/api/v1/import/prometheus`, {
    method: "POST",
    body,
    duplex: "half",
  });
  if (!sent.ok) throw new Error(`Cannot import into VictoriaMetrics: ${await sent.text()}`);
  await fetch(`${url}/internal/force_flush`);
  return { name: "victoria-metrics", url, stop: () => stop(child) };
}

/** VictoriaMetrics reads timestamps in milliseconds. */
async function* withMilliseconds(path) {
  let text = "";
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.startsWith("#")) continue;
    text += `${line}000\n`;
    if (text.length < 1 << 20) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

export function isOnPath(program) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

async function isReady(url, child) {
  const giveUpMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < giveUpMs && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Cannot start ${child.spawnfile}: nothing answers at ${url}`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function failure(child, what) {
  return new Promise((_, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`Cannot start ${what}: it exited with ${code}`)));
  });
}

function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
  });
}
