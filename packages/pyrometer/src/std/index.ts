export { assert, unreachable } from "./assert.ts";
export type { CancelTimer, Clock } from "./clock.ts";
export { sleep } from "./clock.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export type { GoString } from "./go-string.ts";
export { unquoteGo } from "./go-string.ts";
export type { LogFields, Logger } from "./logger.ts";
export { silentLogger } from "./logger.ts";
export { Prng } from "./prng.ts";
export type { Source, SourceErrorOptions, Span } from "./source-error.ts";
export { placeOf, SourceError } from "./source-error.ts";
export { compareText, ellipsis } from "./text.ts";
export {
  BYTES_PER_GIB,
  BYTES_PER_KIB,
  BYTES_PER_MIB,
  MS_PER_DAY,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  MS_PER_SECOND,
} from "./units.ts";
export { VirtualClock } from "./virtual-clock.ts";
