import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { "@pyrometer/client": source("./packages/client/src/index.ts") } },
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tools/*/src/**/*.test.ts"],
    testTimeout: 20_000,
    // Two cores: a fork per file costs more than it isolates, and no test shares global state.
    pool: "threads",
    isolate: false,
    reporters: process.env.CI ? ["default", "json"] : ["default"],
    outputFile: { json: "test-results/unit.json" },
  },
});
