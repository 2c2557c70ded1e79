/** A request that Alertmanager's API refuses. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly statusCode: 400 | 404 | 422;
  /** go-openapi's number for a body that does not fit the schema; its answers have another shape. */
  readonly schemaCode: number | undefined;

  constructor(
    statusCode: 400 | 404 | 422,
    message: string,
    options: { readonly schemaCode?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.statusCode = statusCode;
    this.schemaCode = options.schemaCode;
  }
}
