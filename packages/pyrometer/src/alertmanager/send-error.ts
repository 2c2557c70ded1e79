/** Why no reply came. The message names no address: those hold secrets. */
export type SendErrorCode = "refused" | "timeout" | "aborted" | "bad-url" | "network";

/** The world failed between us and a receiver. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly code: SendErrorCode;

  constructor(code: SendErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
