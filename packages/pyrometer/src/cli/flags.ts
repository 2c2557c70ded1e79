/** Reads what people type behind flags; a wrong value is a usage error that names the flag's form. */
import { InvalidArgumentError } from "commander";
import type { ExtraTarget } from "../server/index.ts";
import { parseDuration } from "../std/index.ts";

/** A flag's name is Prometheus' and has no unit, so its type says it. */
export type Milliseconds = number;

export function durationFlag(text: string): Milliseconds {
  const parsed = parseDuration(text);
  if ("problem" in parsed) throw new InvalidArgumentError(parsed.problem);
  if (parsed.ms === 0) throw new InvalidArgumentError("must be longer than 0s");
  return parsed.ms;
}

export function integerFlag(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("wanted a whole number");
  return Number(text);
}

/** "127.0.0.1:9090", ":9090" (every interface), "[::1]:0". */
export function addressFlag(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? -1);
  if (!match || port > 65_535)
    throw new InvalidArgumentError("wanted HOST:PORT, like 127.0.0.1:9090");
  return { host: match[1] ?? (match[2] || "0.0.0.0"), port };
}

/** "model=http://localhost:8000/metrics", added to those given before. */
export function targetFlag(text: string, before: ExtraTarget[] = []): ExtraTarget[] {
  const [, job = "", address = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (job === "" || !url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("wanted JOB=URL, like model=http://localhost:8000/metrics");
  }
  if (before.some((other) => other.job === job)) {
    throw new InvalidArgumentError(`job "${job}" is given twice, each target needs its own`);
  }
  return [...before, { job, url }];
}

/** "a,b", added to those given before. */
export function namesFlag(text: string, before: readonly string[] = []): string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set([...before, ...names.filter((name) => name !== "")])];
}

/** RFC 3339 or Unix seconds; becomes Unix milliseconds. */
export function timeFlag(text: string): number {
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("wanted RFC 3339 or Unix seconds");
  return ms;
}
