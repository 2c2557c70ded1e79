/**
 * The command line. Thin: reads flags, calls rooms, prints. Exit codes: 0 fine, 1 a finding or a
 * failure, 2 wrong usage.
 */
import { Command, CommanderError } from "commander";
import { registerCheck } from "./check.ts";
import { registerDemo } from "./demo.ts";
import { registerQuery } from "./query.ts";
import { registerTest } from "./test.ts";
import { registerUp } from "./up.ts";
import { VERSION } from "./version.ts";

const EXIT_USAGE = 2;

/** @param argv as process.argv: node, script, arguments */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("pyrometer")
    .description("ML-infrastructure observability in one process")
    .version(VERSION)
    .showHelpAfterError("(--help shows what is possible)")
    .exitOverride();
  registerUp(program);
  registerDemo(program);
  registerCheck(program);
  registerQuery(program);
  registerTest(program);
  // A subcommand inherits the override only when it is made after it.
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
}
