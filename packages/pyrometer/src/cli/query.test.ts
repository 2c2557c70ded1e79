import type { Server } from "node:http";
import { createServer } from "node:http";
import { Command } from "commander";
import { afterEach, expect, test, vi } from "vitest";
import { registerQuery } from "./query.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** Runs `pyrometer query …` against a server that answers `body` to everything. */
async function run(args: readonly string[], body: object) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    let form = "";
    request.on("data", (chunk: Buffer) => {
      form += chunk.toString();
    });
    request.on("end", () => {
      asked.push(`${request.url} ${form}`);
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const lines: string[] = [];
  for (const name of ["log", "error"] as const) {
    vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
  }
  const program = new Command();
  registerQuery(program);
  const url = `http://127.0.0.1:${port}/`;
  await program.parseAsync(["query", ...args, "--server", url], { from: "user" });
  return { asked, lines, exitCode: process.exitCode };
}

test("explain prints a line per part, numbers in columns", async () => {
  const leaf = { expr: "rate(up[5m])", series: 12, samples: 240, seconds: 0.00125, children: [] };
  const data = {
    expr: "sum(rate(up[5m]))",
    series: 1,
    samples: 1,
    seconds: 0.01,
    children: [leaf],
  };
  const args = ["explain", "sum(rate(up[5m]))", "--time", "60"];
  const { asked, lines } = await run(args, { status: "success", data });
  expect(asked).toEqual(["/api/pyrometer/v1/explain query=sum%28rate%28up%5B5m%5D%29%29&time=60"]);
  expect(lines).toEqual([
    "series  samples      time  expression",
    "     1        1  10.00 ms  sum(rate(up[5m]))",
    "    12      240   1.25 ms    rate(up[5m])",
  ]);
});

test("a start makes it the explanation of a range", async () => {
  const data = { expr: "up", series: 1, samples: 1, seconds: 0, children: [] };
  const args = ["explain", "up", "--start", "0", "--end", "60", "--step", "15s"];
  const { asked } = await run(args, { status: "success", data });
  expect(asked).toEqual(["/api/pyrometer/v1/explain query=up&start=0&end=60&step=15"]);
});

test("an error is printed whole, a wrong text is never sent", async () => {
  const error = "many-to-many matching not allowed. Try: a";
  const failed = await run(["explain", "a / b"], { status: "error", error });
  expect(failed).toMatchObject({ lines: [`Cannot answer "a / b": ${error}`], exitCode: 1 });
  const wrong = await run(["explain", "sum("], {});
  expect(wrong).toMatchObject({ asked: [], exitCode: 1 });
});
