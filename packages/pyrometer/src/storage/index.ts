export type {
  Appendable,
  AppendReport,
  RejectedSample,
  RejectReason,
  SampleBatch,
  SeriesRef,
} from "./appendable.ts";
export { BatchBuilder } from "./appendable.ts";
export { MemoryStore } from "./memory-store.ts";
export type {
  Annotation,
  InstantQuery,
  MatrixSeries,
  MatrixValue,
  QueryBackend,
  QueryErrorKind,
  QueryOptions,
  QueryResult,
  QueryStats,
  QueryValue,
  RangeQuery,
  SampleStats,
  TraceNode,
  VectorValue,
} from "./query-backend.ts";
export { QueryError } from "./query-backend.ts";
export type { Reader, SampleBuffer, SeriesCursor, View } from "./reader.ts";
export { createSampleBuffer } from "./reader.ts";
export type { StorageErrorCode } from "./storage-error.ts";
export { StorageError } from "./storage-error.ts";
export type { Store, StoreStats } from "./store.ts";
