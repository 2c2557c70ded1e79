/** Values that go beside a message, by name; names carry units as everywhere. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a room says what happened. The server gives pino; a test gives `silentLogger`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
