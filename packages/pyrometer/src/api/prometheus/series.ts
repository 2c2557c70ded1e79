/** /api/v1/series, labels and label values: what there is to query. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { compareText } from "../../std/index.ts";
import { abortSignalOf, sendData, sendPieces } from "../answer.ts";
import { ApiError, invalidParameter } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { encodeSeriesAnswer } from "../encode.ts";
import { unescapeName } from "../escaped-name.ts";
import { SERIES_PER_ANSWER_MAX } from "../limits.ts";
import type { Params } from "../params.ts";
import { paramsOf } from "../params.ts";
import { TIME_MS_MAX, TIME_MS_MIN } from "../time.ts";
import { TRUNCATED } from "./remarks.ts";
import type { Selector, TimeRange } from "./selectors.ts";
import { readSelectors, seriesOf, withView } from "./selectors.ts";

const GET_OR_POST = ["GET", "POST"];

export function registerSeriesRoutes(app: FastifyInstance, { reader }: ApiDeps): void {
  app.route({ method: GET_OR_POST, url: "/api/v1/series", handler: series });
  app.route({ method: GET_OR_POST, url: "/api/v1/labels", handler: labelNames });
  app.get("/api/v1/label/:name/values", labelValues);

  async function series(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const params = paramsOf(request);
    const texts = params.all("match[]");
    if (texts.length === 0) throw new ApiError("bad_data", "no match[] parameter provided");
    const limit = params.limit();
    const range = readRange(params);
    const selectors = readSelectors(texts, (why) => invalidParameter("match[]", why));
    const signal = abortSignalOf(reply);
    const found = (await withView(reader, range, (view) => seriesOf(view, selectors))) ?? [];
    if (signal.aborted) throw new ApiError("canceled", "context canceled");
    const kept = cut(found, Math.min(limit || SERIES_PER_ANSWER_MAX, SERIES_PER_ANSWER_MAX));
    return sendPieces(reply, encodeSeriesAnswer(kept.items, { warnings: kept.warnings }));
  }

  async function labelNames(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const params = paramsOf(request);
    const limit = params.limit();
    const range = readRange(params);
    const selectors = readSelectors(params.all("match[]"));
    const found = await withView(reader, range, (view) =>
      unionOf(selectors, (selector) => view.labelNames(selector)),
    );
    const { items, warnings } = cut(found ?? [], limit);
    return sendData(reply, items, { warnings });
  }

  async function labelValues(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const params = paramsOf(request);
    const { name: asked } = request.params as { readonly name: string };
    const name = asked.startsWith("U__") ? unescapeName(asked) : asked;
    if (name === undefined || name === "") {
      throw new ApiError("bad_data", `invalid label name: ${JSON.stringify(asked)}`);
    }
    const limit = params.limit();
    const range = readRange(params);
    const selectors = readSelectors(params.all("match[]"));
    const found = await withView(reader, range, (view) =>
      unionOf(selectors, (selector) => view.labelValues(name, selector)),
    );
    const { items, warnings } = cut(found ?? [], limit);
    return sendData(reply, items, { warnings });
  }
}

function readRange(params: Params): TimeRange {
  return {
    minMs: params.timeMs("start", TIME_MS_MIN),
    maxMs: params.timeMs("end", TIME_MS_MAX),
  };
}

/** What any of the selectors gives, sorted; with no selector, what all series give. */
function unionOf(selectors: readonly Selector[], read: (selector: Selector) => string[]): string[] {
  if (selectors.length === 0) return read([]);
  const all = new Set(selectors.flatMap((selector) => read(selector)));
  return [...all].sort(compareText);
}

function cut<T>(items: readonly T[], limit: number) {
  if (limit === 0 || items.length <= limit) return { items, warnings: [] };
  return { items: items.slice(0, limit), warnings: [TRUNCATED] };
}
