/** Reads what `nvidia-smi --query-gpu=… --format=csv,noheader,nounits` prints. */
import { BYTES_PER_MIB } from "../std/index.ts";
import type { GpuReading } from "./snapshot.ts";
import { GpuSourceError } from "./snapshot.ts";

/** What identifies a card, or is true of all of them. */
type TextKey = "uuid" | "name" | "pciBusId" | "driverVersion";
type NumberKey = Exclude<keyof GpuReading, TextKey | "xidCounts">;

/** `name` is what nvidia-smi calls it. */
export type QueryField =
  | { readonly kind: "text"; readonly name: string; readonly key: TextKey }
  | {
      readonly kind: "number";
      readonly name: string;
      readonly key: NumberKey;
      /** What one of nvidia-smi's units is in ours. */
      readonly factor: number;
    };

/** What we ask for. A field that this nvidia-smi does not know is given up by its caller. */
export const QUERY_FIELDS: readonly QueryField[] = [
  number("index", "index"),
  text("uuid", "uuid"),
  text("name", "name"),
  text("pci.bus_id", "pciBusId"),
  text("driver_version", "driverVersion"),
  number("utilization.gpu", "utilizationPercent"),
  number("utilization.memory", "memoryCopyPercent"),
  number("utilization.encoder", "encoderPercent"),
  number("utilization.decoder", "decoderPercent"),
  number("memory.used", "memoryUsedBytes", BYTES_PER_MIB),
  number("memory.free", "memoryFreeBytes", BYTES_PER_MIB),
  number("memory.reserved", "memoryReservedBytes", BYTES_PER_MIB),
  number("temperature.gpu", "temperatureCelsius"),
  number("temperature.memory", "memoryTemperatureCelsius"),
  number("power.draw", "powerWatts"),
  number("clocks.sm", "smClockMhz"),
  number("clocks.mem", "memoryClockMhz"),
  number("clocks_event_reasons.active", "clockReasons"),
  // Its name before driver 535; a newer nvidia-smi refuses it or says the same.
  number("clocks_throttle_reasons.active", "clockReasons"),
  number("fan.speed", "fanPercent"),
  number("ecc.errors.corrected.volatile.total", "eccCorrectedCount"),
  number("ecc.errors.uncorrected.volatile.total", "eccUncorrectedCount"),
];

export interface QueryReading {
  readonly gpus: readonly GpuReading[];
  readonly driverVersion: string | undefined;
}

/**
 * A row of the wrong width, or without index and UUID, is left out: one bad card must not hide
 * the others.
 * @throws {GpuSourceError} "gpu/bad-output" when there is text and no row of it is a reading
 */
export function parseQueryCsv(output: string, fields: readonly QueryField[]): QueryReading {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => parseRow(line, fields)).filter((row) => row !== undefined);
  const hasNothing = rows.length === 0 && lines.length > 0 && !/^No devices/i.test(lines[0]!);
  if (hasNothing) {
    const problem = `Cannot read nvidia-smi's answer "${lines[0]!.slice(0, 80)}": expected ${fields.length} values`;
    throw new GpuSourceError("gpu/bad-output", problem);
  }
  return {
    gpus: rows.map((row) => row.gpu),
    driverVersion: rows.find((row) => row.driverVersion !== undefined)?.driverVersion,
  };
}

/** The field that nvidia-smi says it does not know, if that is what it says. */
export function unknownField(output: string): string | undefined {
  return /Field "([^"]+)" is not a valid field to query/.exec(output)?.[1];
}

interface Row {
  readonly gpu: GpuReading;
  readonly driverVersion: string | undefined;
}

function parseRow(line: string, fields: readonly QueryField[]): Row | undefined {
  const cells = line.split(",").map((cell) => cell.trim());
  if (cells.length !== fields.length) return undefined;
  const texts: Partial<Record<TextKey, string>> = {};
  const numbers: Partial<Record<NumberKey, number>> = {};
  for (const [column, field] of fields.entries()) {
    const cell = cells[column]!;
    if (isMissing(cell)) continue;
    if (field.kind === "text") texts[field.key] = cell;
    else if (Number.isFinite(Number(cell))) numbers[field.key] = Number(cell) * field.factor;
  }
  const { uuid, name = "unknown", pciBusId, driverVersion } = texts;
  const { index, ...readings } = numbers;
  if (index === undefined || uuid === undefined) return undefined;
  const place = pciBusId === undefined ? {} : { pciBusId: pciBusId.toUpperCase() };
  return { gpu: { index, uuid, name, ...place, ...readings }, driverVersion };
}

/** "[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU requires reset]", "N/A", nothing. */
function isMissing(cell: string): boolean {
  return cell === "" || cell === "N/A" || /^\[.*\]$/.test(cell);
}

function text(name: string, key: TextKey): QueryField {
  return { kind: "text", name, key };
}

function number(name: string, key: NumberKey, factor = 1): QueryField {
  return { kind: "number", name, key, factor };
}
