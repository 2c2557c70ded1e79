import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface SuiteOptions {
  /** Names its report: test-results/<name>.json. */
  readonly name: string;
  /** From the repository's root. */
  readonly include: readonly string[];
  readonly testTimeoutMs: number;
}

/**
 * A suite of whole processes and long runs, for .ci/run. One file at a time: they measure real
 * time, bind the seed's fixed port and share two cores.
 */
export function suite({ name, include, testTimeoutMs }: SuiteOptions): ViteUserConfig {
  return {
    root: source(".."),
    resolve: { alias: { "@pyrometer/client": source("../packages/client/src/index.ts") } },
    test: {
      include: [...include],
      testTimeout: testTimeoutMs,
      hookTimeout: 120_000,
      fileParallelism: false,
      reporters: process.env.CI ? ["default", "json"] : ["default"],
      outputFile: { json: source(`../test-results/${name}.json`) },
    },
  };
}
