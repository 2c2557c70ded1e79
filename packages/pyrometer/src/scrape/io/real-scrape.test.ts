/** The whole way over a real network: a job of targets that misbehave, each in its own manner. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Registry } from "@pyrometer/client";
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import type { Clock } from "../../std/index.ts";
import { BYTES_PER_MIB, silentLogger } from "../../std/index.ts";
import { MemoryStore } from "../../storage/index.ts";
import type { ActiveTarget } from "../scrape-manager.ts";
import { createScrapeManager } from "../scrape-manager.ts";
import { jobOf } from "../testkit/harness.ts";
import { createDiscoveryFiles } from "./discovery-files.ts";
import { createHttpFetcher } from "./http-fetcher.ts";

const INTERVAL_MS = 400;
const TIMEOUT_MS = 300;
const PATIENCE_MS = 10_000;

const realClock: Clock = {
  nowMs: () => Date.now(),
  setTimer: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

const server = createServer((request, response) => {
  switch (request.url) {
    case "/good":
      return response.end("a 1\n");
    case "/gzip":
      return response.setHeader("content-encoding", "gzip").end(gzipSync("a 1\n"));
    case "/redirect":
      return response.writeHead(307, { location: "/good" }).end();
    case "/garbage":
      return response.end("<!doctype html>\n<p>It works!\n");
    case "/error":
      return response.writeHead(500).end();
    case "/endless": {
      const chunk = Buffer.alloc(BYTES_PER_MIB, "a 1\n");
      const send = () => void response.write(chunk);
      response.on("drain", send);
      return send();
    }
    default:
      return; // hangs
  }
});

test("targets that misbehave are down with a reason, and the good ones beside them are up", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  const names = ["endless", "error", "garbage", "good", "gzip", "hang", "redirect"];
  const manager = createScrapeManager({
    store: new MemoryStore(),
    clock: realClock,
    logger: silentLogger,
    fetcher: createHttpFetcher(),
    files: createDiscoveryFiles(),
    registry: new Registry(),
    random: () => 0,
  });
  const targets = names.map((name) => ({
    __address__: address,
    __metrics_path__: `/${name}`,
    instance: name,
  }));
  const config = jobOf({
    intervalMs: INTERVAL_MS,
    timeoutMs: TIMEOUT_MS,
    bodySizeLimitBytes: BYTES_PER_MIB,
    discoveries: [{ kind: "static", groups: [{ source: "0", targets, labels: {} }] }],
  });
  try {
    manager.apply([config], { externalLabels: Labels.EMPTY });
    const found = await whenAllScraped(() => manager.targets().active);
    expect(
      Object.fromEntries(found.map((one) => [one.labels.get("instance"), one.lastError])),
    ).toEqual({
      endless: "body size limit exceeded (limit: 1048576 bytes)",
      error: "server returned HTTP status 500 Internal Server Error",
      garbage: `http://${address}/garbage:1:1: Cannot read "<!doctype html>": expected a metric name or {`,
      good: "",
      gzip: "",
      hang: `Get "http://${address}/hang": context deadline exceeded`,
      redirect: "",
    });
  } finally {
    await manager.stop();
    server.closeAllConnections();
    server.close();
  }
});

async function whenAllScraped(
  list: () => readonly ActiveTarget[],
): Promise<readonly ActiveTarget[]> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 50) {
    const targets = list();
    if (targets.every(({ lastScrapeMs }) => lastScrapeMs !== undefined)) return targets;
    await sleep(50);
  }
  throw new Error("not all targets were scraped in time");
}
