import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { runPromqlScript } from "../promql/index.ts";
import { registerTestRules } from "./test-rules.ts";

/** `pyrometer test …`: ends with the line "N passed, N failed"; exit 1 with any failure. */
export function registerTest(program: Command): void {
  const test = program.command("test").description("run test files");
  registerTestRules(test);
  test
    .command("promql")
    .description("scripts in Prometheus' promqltest language")
    .argument("<file...>")
    .action(async (files: string[]) => {
      let passedCount = 0;
      let failedCount = 0;
      for (const file of files) {
        const source = { name: file, text: readFileSync(file, "utf8") };
        const { passed, failed, failures } = await runPromqlScript(source);
        passedCount += passed;
        failedCount += failed;
        for (const failure of failures) console.error(failure.message);
      }
      console.log(`${passedCount} passed, ${failedCount} failed`);
      if (failedCount > 0) process.exitCode = 1;
    });
}
