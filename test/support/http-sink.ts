/** A server that answers as told and remembers what it was sent: any receiver's stand-in. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly path: string;
  readonly body: unknown;
  readonly receivedMs: number;
}

export interface HttpSink {
  readonly url: string;
  readonly received: Received[];
  /** What it does from now on: a status, or "hang" for no answer at all. */
  behave(status: number | "hang"): void;
  close(): Promise<void>;
}

export async function startHttpSink(): Promise<HttpSink> {
  const received: Received[] = [];
  let behaviour: number | "hang" = 200;
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      received.push({ path: request.url ?? "", body: parse(text), receivedMs: Date.now() });
      if (behaviour !== "hang") response.writeHead(behaviour).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    behave(status) {
      behaviour = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
