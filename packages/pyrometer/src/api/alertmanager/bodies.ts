/** What clients post to /api/v2: alerts and silences. */
import { z } from "zod";
import type { PostableAlert, PostableSilence } from "../../alertmanager/index.ts";
import { parseRfc3339Ms } from "../time.ts";
import { RequestError } from "./request-error.ts";

/** go-openapi's numbers for what is wrong with a body. */
const REQUIRED = 602;
const INVALID_TYPE = 601;

/** RFC 3339; Go's zero time, which clients send for "not set", and "" are undefined. */
const time = z.string().transform((text, context) => {
  if (text === "" || text.startsWith("0001-01-01T00:00:00")) return undefined;
  const timeMs = parseRfc3339Ms(text);
  if (timeMs !== undefined) return timeMs;
  context.addIssue({ code: "custom", message: `"${text}" is not a date-time of RFC 3339` });
  return z.NEVER;
});

const texts = z.record(z.string(), z.string());

const alertsSchema = z.array(
  z.object({
    labels: texts,
    annotations: texts.nullish(),
    startsAt: time.nullish(),
    endsAt: time.nullish(),
    generatorURL: z.string().nullish(),
  }),
);

const silenceSchema = z.object({
  id: z.string().nullish(),
  matchers: z
    .array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().nullish(),
      }),
    )
    .min(1),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  comment: z.string(),
});

/** @throws {RequestError} */
export function readAlerts(body: unknown): readonly PostableAlert[] {
  return parse(alertsSchema, body).map((alert) => ({
    labels: alert.labels,
    annotations: alert.annotations ?? {},
    startsAtMs: alert.startsAt ?? undefined,
    endsAtMs: alert.endsAt ?? undefined,
    generatorUrl: alert.generatorURL ?? "",
  }));
}

/** Its shape only: whether the silence makes sense is the Alertmanager's to say. @throws {RequestError} */
export function readSilence(body: unknown): PostableSilence {
  const { id, matchers, startsAt, endsAt, createdBy, comment } = parse(silenceSchema, body);
  return {
    id: id || undefined,
    matchers: matchers.map(({ isEqual, ...rest }) => ({ ...rest, isEqual: isEqual ?? undefined })),
    startsAtMs: startsAt,
    endsAtMs: endsAt,
    createdBy,
    comment,
  };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join(".") || "body";
  const isMissing = issue?.code === "invalid_type" && issue.input === undefined;
  const problem = isMissing ? "is required" : (issue?.message ?? "is invalid");
  const schemaCode = isMissing ? REQUIRED : INVALID_TYPE;
  throw new RequestError(422, `${path} in body ${problem}`, { schemaCode });
}
