/** A real Chromium, wherever this machine has one. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** undefined, said out loud, when there is no browser. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    process.stderr.write("NOT RUN: no Chromium; set CHROMIUM or put chromium on the PATH\n");
    return undefined;
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

async function findChromium(): Promise<string | undefined> {
  const { CHROMIUM: named } = process.env;
  if (named && existsSync(named)) return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    } catch {
      // not this one
    }
  }
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    return await packaged.executablePath();
  } catch {
    return undefined;
  }
}
