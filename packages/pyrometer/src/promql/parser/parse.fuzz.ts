/**
 * The parser against texts nobody meant as a query: no crash, no hang, always an expression or an
 * error with a place. `npm run fuzz`; SEED=7 replays one seed, COUNT=1000 is quicker.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Prng } from "../../std/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { QueryGenerator } from "../testkit/generate-query.ts";
import { checkParse } from "./testkit/check-parse.ts";
import { mutate, randomBytes } from "./testkit/hostile-texts.ts";

const SEED = Number(process.env.SEED ?? 1);
const COUNT = Number(process.env.COUNT ?? 1_000_000);
/** A single text may take this long on a busy machine; no parse comes near it. */
const HANG_MS = 100;

test(`${COUNT} random byte strings of seed ${SEED}`, { timeout: 1_800_000 }, () => {
  const prng = new Prng(SEED);
  run(COUNT, () => randomBytes(prng));
});

test(`${COUNT / 10} mutated queries of seed ${SEED}`, { timeout: 1_800_000 }, () => {
  const prng = new Prng(SEED);
  const queries = validQueries();
  run(COUNT / 10, () => mutate(prng, queries));
});

function run(count: number, next: () => string): void {
  let validCount = 0;
  let slowestMs = 0;
  let slowest = "";
  for (let i = 0; i < count; i++) {
    const text = next();
    let outcome: ReturnType<typeof checkParse>;
    try {
      outcome = checkParse(text);
    } catch (error) {
      throw new Error(`seed ${SEED}, text ${i}: ${JSON.stringify(text)}`, { cause: error });
    }
    if (outcome.isValid) validCount += 1;
    if (outcome.tookMs <= slowestMs) continue;
    // Once could be the machine, busy elsewhere; a text that is slow is slow every time.
    const again = Array.from({ length: 5 }, () => checkParse(text).tookMs);
    const tookMs = Math.min(outcome.tookMs, ...again);
    if (tookMs <= slowestMs) continue;
    slowestMs = tookMs;
    slowest = text;
  }
  process.stdout.write(
    `${count} texts, ${validCount} valid, slowest ${slowestMs.toFixed(1)} ms: ${JSON.stringify(slowest.slice(0, 80))}\n`,
  );
  expect(slowestMs, slowest).toBeLessThan(HANG_MS);
}

/** Those of real dashboards where they are, and generated ones. */
function validQueries(): string[] {
  const generated = new QueryGenerator(new Prng(SEED));
  const queries = Array.from({ length: 500 }, (_, i) => generated.query(i % 5, 1_700_000_000).text);
  const dir = conformanceDir();
  if (dir === undefined) return queries;
  const lines = readFileSync(join(dir, "dashboards", "exprs.jsonl"), "utf8")
    .trim()
    .split("\n");
  return [...queries, ...lines.map((line) => (JSON.parse(line) as { resolved: string }).resolved)];
}
