export type StorageErrorCode = "closed" | "corrupt" | "full";

/** The store, or the disk below it, failed. The caller decides whether to try again. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
