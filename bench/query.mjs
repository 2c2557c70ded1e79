/**
 * The query benchmark: every query of the workload over HTTP against each server in turn, run
 * after run, so that what else the machine does hits all alike. Medians, and the geometric mean of
 * their ratios. Answers are compared as well: a fast wrong answer is no result.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { compareAnswers } from "./agreement.mjs";
import { isOnPath, startPrometheus, startPyrometer, startVictoriaMetrics } from "./servers.mjs";
import { readQueries, SETS, SHIFT_SECONDS, writeSamples } from "./workload.mjs";

const STEP_SECONDS = 15;

const agent = new http.Agent({ keepAlive: true });

/** @returns the exit code: 1 when Prometheus and we do not agree */
export async function benchQueries({ sets, only, keep, ...options }) {
  let isAgreed = true;
  for (const setName of sets) {
    if (SETS[setName] === undefined) throw new Error(`Cannot run set "${setName}": no such set`);
    const folder = keep === "" ? mkdtempSync(join(tmpdir(), "pyrometer-bench-")) : keep;
    mkdirSync(folder, { recursive: true });
    const servers = [...options.against];
    try {
      const samples = await writeSamples(setName, folder);
      await startAll(servers, samples, { folder: join(folder, setName), peers: options.peers });
      const queries = Object.entries(readQueries()).filter(
        ([name]) => only.length === 0 || only.includes(name),
      );
      if (!(await benchSet({ setName, servers, samples, queries, options }))) isAgreed = false;
    } finally {
      for (const { stop } of servers) await stop?.();
      if (keep === "") rmSync(folder, { recursive: true, force: true });
    }
  }
  return isAgreed ? 0 : 1;
}

/** Pushes each server as soon as it runs, so that a failing one leaves none behind. */
async function startAll(servers, samples, { folder, peers }) {
  mkdirSync(folder, { recursive: true });
  servers.unshift(await startPyrometer(samples));
  if (!peers) return;
  if (isOnPath("prometheus") && isOnPath("promtool")) {
    servers.push(await startPrometheus(samples, folder));
  } else process.stderr.write("NOT RUN: no prometheus and promtool on the PATH\n");
  if (isOnPath("victoria-metrics")) servers.push(await startVictoriaMetrics(samples, folder));
  else process.stderr.write("NOT RUN: no victoria-metrics on the PATH\n");
}

async function benchSet({ setName, servers, samples, queries, options }) {
  const logRatioSums = new Map(servers.map(({ name }) => [name, 0]));
  let isAgreed = true;
  for (const [name, query] of queries) {
    const { ms, agreement, ...shape } = await benchQuery({ query, servers, samples, options });
    const ratio = {};
    for (const server of servers) {
      const one = ms[server.name] / ms.pyrometer;
      ratio[server.name] = Number(one.toFixed(2));
      logRatioSums.set(server.name, logRatioSums.get(server.name) + Math.log(one));
    }
    if (agreement.prometheus !== undefined && !agreement.prometheus.isSame) isAgreed = false;
    print({ bench: "query", set: setName, query: name, ...shape, ms, ratio, agreement });
  }
  const mean = {};
  for (const [name, sum] of logRatioSums) {
    mean[name] = Number(Math.exp(sum / queries.length).toFixed(2));
  }
  print({ bench: "query", set: setName, timesOfPyrometer: mean, node: process.version });
  return isAgreed;
}

async function benchQuery({ query, servers, samples, options }) {
  const times = new Map(servers.map(({ name }) => [name, []]));
  const answers = new Map();
  for (let run = 0; run <= options.runs; run++) {
    for (const { name, url } of servers) {
      const { ms, text } = await ask(url, { query, samples, run, encoding: options.encoding });
      if (run > 0) times.get(name).push(ms);
      else answers.set(name, JSON.parse(text).data.result);
    }
  }
  const ms = {};
  for (const [name, all] of times) ms[name] = Number(median(all).toFixed(2));
  const agreement = {};
  const ours = answers.get("pyrometer");
  for (const [name, theirs] of answers) {
    if (name !== "pyrometer") agreement[name] = compareAnswers(ours, theirs);
  }
  const points = ours.reduce((sum, { values }) => sum + values.length, 0);
  return { series: ours.length, points, ms, agreement };
}

/**
 * The last half of the samples' range. Each run looks a second later than the one before, but never
 * at the very moments of samples: see SHIFT_SECONDS.
 */
async function ask(url, { query, samples, run, encoding }) {
  const { startSeconds, endSeconds } = samples;
  const lateSeconds = run + 1 < SHIFT_SECONDS ? run + 1 : run + 2;
  const parameters = new URLSearchParams({
    query,
    start: String((startSeconds + endSeconds) / 2 + lateSeconds),
    end: String(endSeconds - STEP_SECONDS + lateSeconds),
    step: String(STEP_SECONDS),
  });
  return get(`${url}/api/v1/query_range?${parameters}`, encoding);
}

/**
 * The whole answer, and the milliseconds until its last byte was here. Plain node:http, as fetch
 * costs more than some of our answers.
 */
function get(address, encoding) {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const request = http.get(address, { agent, headers: { "accept-encoding": encoding } });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks = [];
      response.on("error", reject);
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const ms = performance.now() - startedMs;
        const body = Buffer.concat(chunks);
        const isPacked = response.headers["content-encoding"] === "gzip";
        const text = (isPacked ? gunzipSync(body) : body).toString();
        if (response.statusCode === 200) resolve({ ms, text });
        else reject(new Error(`Cannot run ${address}: ${text.slice(0, 200)}`));
      });
    });
  });
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
