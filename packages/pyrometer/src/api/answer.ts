/** Sends answers in Prometheus' envelope: `{"status":"success","data":…}` or an error. */
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { ApiError } from "./api-error.ts";

export const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";

export interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** The envelope's end: remarks, when there are any, and the closing brace. */
export function envelopeEnd({ warnings = [], infos = [] }: Remarks): string {
  let text = "";
  if (warnings.length > 0) text += `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) text += `,"infos":${JSON.stringify(infos)}`;
  return `${text}}`;
}

export function sendData(reply: FastifyReply, data: unknown, remarks: Remarks = {}): FastifyReply {
  const text = `{"status":"success","data":${JSON.stringify(data)}${envelopeEnd(remarks)}`;
  return reply.type(JSON_TYPE).send(text);
}

export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const body = { status: "error", errorType: error.type, error: error.message };
  return reply.code(error.statusCode).type(JSON_TYPE).send(JSON.stringify(body));
}

export function sendText(reply: FastifyReply, statusCode: number, text: string): FastifyReply {
  return reply.code(statusCode).type(TEXT_TYPE).send(text);
}

/** Sends JSON that comes in pieces: whole when it is one piece, else as a stream. */
export function sendPieces(reply: FastifyReply, pieces: Iterator<string>): FastifyReply {
  reply.type(JSON_TYPE);
  const first = pieces.next();
  const second = pieces.next();
  if (first.done || second.done) return reply.send(first.done ? "" : first.value);
  return reply.send(Readable.from(followed([first.value, second.value], pieces)));
}

function* followed(head: readonly string[], rest: Iterator<string>): Generator<Buffer> {
  for (const piece of head) yield Buffer.from(piece);
  for (let next = rest.next(); !next.done; next = rest.next()) yield Buffer.from(next.value);
}

/** Aborts when the client goes away before it has its answer. */
export function abortSignalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  if (reply.raw.destroyed) controller.abort();
  return controller.signal;
}
