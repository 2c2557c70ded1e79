/** Asks the service as any customer would: over HTTP, with connections kept open. */
import { Pool } from "undici";
import { REQUEST_TIMEOUT_MS, REQUESTS_IN_FLIGHT_MAX } from "../limits.ts";
import { PREDICT_PATH } from "./inference-service.ts";

/** What came back; "lost" when nothing did. */
export type Reply =
  | { readonly kind: "predicted"; readonly digit: number }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "lost" };

export interface InferenceClient {
  /** Never rejects: a customer who gets no answer is an outcome, which the caller counts. */
  predict(image: Uint8Array): Promise<Reply>;
  close(): Promise<void>;
}

export function createInferenceClient(serviceUrl: string): InferenceClient {
  const pool = new Pool(serviceUrl, {
    connections: REQUESTS_IN_FLIGHT_MAX,
    headersTimeout: REQUEST_TIMEOUT_MS,
  });
  return {
    async predict(image) {
      try {
        const request = { method: "POST", path: PREDICT_PATH, body: image } as const;
        const { statusCode, body } = await pool.request(request);
        const reply = await body.json();
        if (statusCode !== 200) return { kind: "refused", status: statusCode };
        return { kind: "predicted", digit: (reply as { digit: number }).digit };
      } catch {
        // Reset, timed out or closed: to a customer it is all the same.
        return { kind: "lost" };
      }
    },
    close: () => pool.destroy(),
  };
}
