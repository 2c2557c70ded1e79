/**
 * The samples and queries of the query benchmark. They belong to no package: generator and queries
 * lie in the folder ../shared/bench, or in $PYROMETER_BENCH.
 */
import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * `large` is `small` ten times under other models and nodes, as one machine's scrapes would look
 * with more of them; two hours of it, or the OpenMetrics text would pass 3 GB.
 */
export const SETS = {
  small: { hours: 6, stepSeconds: 15, copies: 1 },
  large: { hours: 2, stepSeconds: 15, copies: 10 },
};

function workloadDir() {
  const beside = fileURLToPath(new URL("../../shared/bench", import.meta.url));
  const dir = process.env.PYROMETER_BENCH ?? beside;
  if (existsSync(join(dir, "gen.mjs"))) return dir;
  throw new Error(
    `Cannot find the workload in "${dir}": it has no gen.mjs, set PYROMETER_BENCH to its folder`,
  );
}

/** Query texts by name. */
export function readQueries() {
  return JSON.parse(readFileSync(join(workloadDir(), "queries.json"), "utf8"));
}

/**
 * Writes the samples of one set as OpenMetrics into `folder`.
 * @returns path, and the range of the samples in Unix seconds
 */
export async function writeSamples(setName, folder) {
  const { hours, stepSeconds, copies } = SETS[setName];
  const said = await generate([String(hours), String(stepSeconds)], folder);
  const range = /range (\d+) (\d+)/.exec(said);
  if (range === null) throw new Error(`Cannot read what gen.mjs says: "${said}" names no range`);
  const path = join(folder, `${setName}.om`);
  const single = join(folder, "fleet.om");
  await rewrite(single, path, copies);
  rmSync(single);
  return { path, startSeconds: Number(range[1]), endSeconds: Number(range[2]) };
}

function generate(args, cwd) {
  const child = spawn(process.execPath, [join(workloadDir(), "gen.mjs"), ...args], { cwd });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`Cannot generate samples: gen.mjs exited with ${code}: ${said}`));
    });
  });
}

/**
 * Every sample some seconds later than generated, off the multiples of the step and of a minute
 * that queries and subqueries look at: where samples lie on a window's very edge, Prometheus 2 and
 * 3 differ. Each series once per copy, model and node renamed.
 */
export const SHIFT_SECONDS = 7;

async function rewrite(from, to, copies) {
  const out = createWriteStream(to);
  let rest = "";
  const write = async (text) => {
    if (!out.write(text)) await new Promise((resolve) => out.once("drain", resolve));
  };
  for await (const line of createInterface({ input: createReadStream(from) })) {
    if (line.startsWith("#")) rest += `${line}\n`;
    else {
      const timeAt = line.lastIndexOf(" ") + 1;
      const later = line.slice(0, timeAt) + (Number(line.slice(timeAt)) + SHIFT_SECONDS);
      rest += `${later}\n`;
      for (let copy = 1; copy < copies; copy++) rest += `${copied(later, copy)}\n`;
    }
    if (rest.length < 1 << 20) continue;
    await write(rest);
    rest = "";
  }
  out.end(rest);
  await new Promise((resolve) => out.once("finish", resolve));
}

/** Sums grow faster in every copy, so that no two models have one mean and topk no ties. */
function copied(line, copy) {
  const renamed = line.replace(/(model_name="model|node="node)-/, `$1-${copy}-`);
  if (!line.includes("_sum{")) return renamed;
  return renamed.replace(/ (\S+) (\d+)$/, (_, value, time) => ` ${value * (1 + copy / 8)} ${time}`);
}
