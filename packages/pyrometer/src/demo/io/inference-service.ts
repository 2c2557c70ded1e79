/**
 * The model behind HTTP: an image in, a digit out. POST /v1/predict takes 784 bytes.
 *
 *   request ─► batch queue ─► GPU ─► answer
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "@pyrometer/client";
import type { Clock, Prng } from "../../std/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type { BatchQueue } from "../batch-queue.ts";
import { createBatchQueue } from "../batch-queue.ts";
import type { Classifier, Prediction } from "../classifier.ts";
import { predict } from "../classifier.ts";
import type { Devices } from "../devices.ts";
import { IMAGE_BYTES } from "../digits.ts";
import { BATCH_SIZE_MAX, QUEUE_LENGTH_MAX, REQUEST_BYTES_MAX } from "../limits.ts";
import type { ErrorType, ServiceMetrics } from "../service-metrics.ts";
import { MODEL_NAME } from "../service-metrics.ts";

export const PREDICT_PATH = "/v1/predict";
const ENDPOINT = "v1_predict";

/** An image waits this long for others, when a GPU is free. */
const BATCH_WAIT_MS = 15;

export interface InferenceServiceOptions {
  readonly clock: Clock;
  readonly prng: Prng;
  readonly classifier: Classifier;
  readonly devices: Devices;
  readonly registry: Registry;
  readonly metrics: ServiceMetrics;
  readonly host: string;
}

export interface InferenceService {
  /** Without a path. */
  readonly url: string;
  close(): Promise<void>;
}

type Queue = BatchQueue<Uint8Array, Prediction>;

export async function startInferenceService(
  options: InferenceServiceOptions,
): Promise<InferenceService> {
  const { clock, metrics, host } = options;
  const queue = createQueue(options);
  options.registry.collect(() => metrics.queueDepth.set(queue.depth()));
  const latency = metrics.latency.labels({ model_name: MODEL_NAME });
  const inferences = metrics.inferences.labels({ model_name: MODEL_NAME, endpoint: ENDPOINT });
  const server = createServer(async (request, response) => {
    if (request.method !== "POST" || request.url !== PREDICT_PATH) {
      return send(response, 404, { error: `Not here: POST an image to ${PREDICT_PATH}` });
    }
    const startedMs = clock.nowMs();
    const outcome = await answer(request, queue);
    if (outcome.kind === "predicted") inferences.inc();
    else metrics.errors.labels({ model_name: MODEL_NAME, error_type: outcome.errorType }).inc();
    // Failures too: a model that is broken half of the time must not look twice as fast.
    latency.observe((clock.nowMs() - startedMs) / MS_PER_SECOND);
    if (outcome.kind === "predicted") send(response, 200, outcome.prediction);
    else send(response, outcome.status, { error: outcome.message });
  });
  await listen(server, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    close() {
      queue.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function createQueue({
  clock,
  prng,
  classifier,
  devices,
  metrics,
}: InferenceServiceOptions): Queue {
  const batchSize = metrics.batchSize.labels({ model_name: MODEL_NAME });
  return createBatchQueue<Uint8Array, Prediction>({
    clock,
    batchSizeMax: BATCH_SIZE_MAX,
    queueLengthMax: QUEUE_LENGTH_MAX,
    waitMs: BATCH_WAIT_MS,
    workerCount: devices.count,
    // Any that is free, the first ones a little more often: as in most racks, loads differ.
    pick: (free) => free[Math.floor(prng.next() ** 1.3 * free.length)]!,
    async run(gpuIndex, images) {
      batchSize.observe(images.length);
      const predictions = images.map((image) => predict(classifier, image));
      await devices.occupy(gpuIndex, images.length);
      return predictions;
    },
  });
}

type Outcome =
  | { readonly kind: "predicted"; readonly prediction: Prediction }
  | {
      readonly kind: "failed";
      readonly errorType: ErrorType;
      readonly status: number;
      readonly message: string;
    };

async function answer(request: IncomingMessage, queue: Queue): Promise<Outcome> {
  try {
    const image = await readBody(request);
    if (image?.length !== IMAGE_BYTES) {
      const message = `Cannot read an image: expected ${IMAGE_BYTES} bytes, one for each pixel`;
      return { kind: "failed", errorType: "bad_input", status: 400, message };
    }
    const prediction = await queue.submit(image);
    if (prediction) return { kind: "predicted", prediction };
    const message = `Cannot take an image: ${QUEUE_LENGTH_MAX} are waiting`;
    return { kind: "failed", errorType: "queue_full", status: 503, message };
  } catch (error) {
    return { kind: "failed", errorType: "internal", status: 500, message: String(error) };
  }
}

/** undefined when it is longer than anything we would read. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of request) {
    byteCount += chunk.length;
    if (byteCount > REQUEST_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
}
