import fc from "fast-check";
import { expect, test } from "vitest";
import { QueryGate } from "./query-gate.ts";

const NEVER = new AbortController().signal;

/** A query that ends when told. */
function createQuery(log: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(name);
    await ended;
  };
  return { run, end: () => end() };
}

test("queries beyond the limit wait their turn, in order", async () => {
  const log: string[] = [];
  const gate = new QueryGate(2);
  const queries = ["a", "b", "c", "d"].map((name) => createQuery(log, name));
  const all = queries.map(({ run }) => gate.run(NEVER, run));
  await Promise.resolve();
  expect(log).toEqual(["a", "b"]);
  expect(gate.waitingCount).toBe(2);
  queries[1]!.end();
  await all[1];
  expect(log).toEqual(["a", "b", "c"]);
  for (const query of queries) query.end();
  await Promise.all(all);
  expect(log).toEqual(["a", "b", "c", "d"]);
});

test("one that gives up leaves the line and takes no place", async () => {
  const log: string[] = [];
  const gate = new QueryGate(1);
  const [first, second, third] = ["a", "b", "c"].map((name) => createQuery(log, name));
  const client = new AbortController();
  const running = gate.run(NEVER, first!.run);
  const gone = gate.run(client.signal, second!.run);
  const last = gate.run(NEVER, third!.run);
  client.abort();
  await expect(gone).rejects.toMatchObject({ type: "canceled" });
  first!.end();
  third!.end();
  await Promise.all([running, last]);
  expect(log).toEqual(["a", "c"]);
});

test("whatever fails or gives up, the limit holds and everyone else gets through", async () => {
  const plan = fc.array(fc.constantFrom("ok", "throws", "leaves"), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 4 }), async (fates, runningMax) => {
      const gate = new QueryGate(runningMax);
      let runningCount = 0;
      let mostCount = 0;
      const answers = fates.map((fate) => {
        const client = new AbortController();
        const answer = gate.run(client.signal, async () => {
          mostCount = Math.max(mostCount, ++runningCount);
          await Promise.resolve();
          runningCount -= 1;
          if (fate === "throws") throw new Error("planned");
        });
        if (fate === "leaves") client.abort();
        return answer;
      });
      const outcomes = await Promise.allSettled(answers);
      expect(mostCount).toBeLessThanOrEqual(runningMax);
      for (const [i, { status }] of outcomes.entries()) {
        if (fates[i] === "ok") expect(status).toBe("fulfilled");
        if (fates[i] === "throws") expect(status).toBe("rejected");
      }
      expect(await gate.run(NEVER, async () => "open")).toBe("open");
    }),
  );
});
