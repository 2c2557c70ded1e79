import { pino } from "pino";
import pretty from "pino-pretty";
import type { Logger } from "../../std/index.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** pino on standard error: lines for people, or JSON for machines. */
export function createLogger(options: { level: LogLevel; format: "text" | "json" }): Logger {
  const { level, format } = options;
  const stream =
    format === "json"
      ? pino.destination({ fd: 2, sync: true })
      : pretty({ destination: 2, sync: true, ignore: "pid,hostname", translateTime: "HH:MM:ss.l" });
  const log = pino({ level, base: null }, stream);
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
