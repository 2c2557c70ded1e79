export { checkExposition } from "./check.ts";
export { decodeExposition } from "./decode.ts";
export { ERRORS_PER_CHECK_MAX, EXEMPLAR_CODE_POINTS_MAX } from "./limits.ts";
export { parseNumber } from "./number.ts";
export type { ParseOptions } from "./parse.ts";
export { formatOfContentType, parseExposition } from "./parse.ts";
export { isProtobufContentType, parseProtobuf } from "./protobuf/parse-protobuf.ts";
export { detach } from "./reading.ts";
export type {
  Exemplar,
  ExpositionFormat,
  ExpositionHandler,
  HistogramTimes,
  LabelPairs,
  MetadataEntry,
  MetricType,
} from "./types.ts";
