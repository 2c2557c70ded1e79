/**
 * Prometheus' protobuf exposition: metric families one after another, each with its length before
 * it. The only format that carries native histograms. Told to the same handler as the text formats;
 * summaries and classic histograms as the series that text would have.
 * Source: Prometheus 3.14, model/textparse/protobufparse.go
 */
import { isUtf8Name } from "../../model/index.ts";
import type { ExpositionHandler, MetricType } from "../types.ts";
import { emitMetric } from "./emit.ts";
import type { Family } from "./messages.ts";
import { newFamily, newMetric, visitFamily, visitMetric } from "./messages.ts";
import { WireError, WireReader, wireErrors } from "./wire-reader.ts";

export interface ProtobufOptions<Series> {
  readonly handler: ExpositionHandler<Series>;
  /** Whether a histogram's native part is told; else it is read as a classic one. */
  readonly native: boolean;
  /** Whether, when a histogram has both, the classic part is told, too. */
  readonly classicToo: boolean;
}

/** Why a body was not read to its end. */
export interface ProtobufProblem {
  readonly code: "exposition/protobuf";
  readonly message: string;
  /** Families before this one were read, 0 is the first. */
  readonly familyIndex: number;
  /** Where the family begins in the body, its length included. */
  readonly offsetBytes: number;
}

/** By number in the format. */
const FAMILY_TYPES: readonly MetricType[] = [
  "counter",
  "gauge",
  "summary",
  "unknown",
  "histogram",
  "gaugehistogram",
];

/** Whether a Content-Type header names this format. */
export function isProtobufContentType(contentType: string): boolean {
  return /^application\/vnd\.google\.protobuf\b/i.test(contentType.trim());
}

/**
 * Calls `options.handler` for each series of `body`, in order. With a problem, the handler was told
 * of what comes before it: what it gathered is the caller's to throw away.
 */
export function parseProtobuf<Series>(
  body: Uint8Array,
  options: ProtobufOptions<Series>,
): ProtobufProblem | undefined {
  const reader = new WireReader(body);
  let offsetBytes = 0;
  for (let familyIndex = 0; offsetBytes < body.length; familyIndex++) {
    const family = newFamily();
    try {
      const nextBytes = wireErrors(() => {
        reader.messageAt(offsetBytes, family, visitFamily);
        return reader.pos;
      });
      readFamily(reader, family, options);
      offsetBytes = nextBytes;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const name = family.name === "" ? "" : ` ${JSON.stringify(family.name)}`;
      const message = `Cannot read metric family ${familyIndex}${name} at byte ${offsetBytes} of the protobuf body: ${error.message}`;
      return { code: "exposition/protobuf", message, familyIndex, offsetBytes };
    }
  }
  return undefined;
}

function readFamily<Series>(
  reader: WireReader,
  family: Family,
  options: ProtobufOptions<Series>,
): void {
  if (family.metricOffsets.length === 0) return;
  const { name, help, unit } = family;
  const type = FAMILY_TYPES[family.type];
  if (!isUtf8Name(name)) throw new WireError("it has no valid name");
  if (type === undefined) throw new WireError(`unknown metric type ${family.type}`);
  const { handler } = options;
  handler.metadata?.({ kind: "help", metric: name, text: help });
  if (unit !== "") handler.metadata?.({ kind: "unit", metric: name, text: unit });
  handler.metadata?.({ kind: "type", metric: name, type });
  for (const offset of family.metricOffsets) {
    const metric = wireErrors(() => reader.messageAt(offset, newMetric(), visitMetric));
    emitMetric({ reader, name, type, metric, options });
  }
}
