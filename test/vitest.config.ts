import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The longer suites: whole processes, real time, a real browser. `npm run test:e2e` */
export default defineConfig({
  root: source("."),
  resolve: { alias: { "@pyrometer/client": source("../packages/client/src/index.ts") } },
  test: {
    include: ["**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One at a time: they measure real time, bind the seed's fixed port and share two cores.
    fileParallelism: false,
    reporters: process.env.CI ? ["default", "json"] : ["default"],
    outputFile: { json: source("../test-results/e2e.json") },
  },
});
