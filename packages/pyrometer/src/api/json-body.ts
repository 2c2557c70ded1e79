/** Reads a JSON body once, at the edge, into a type that the rest can trust. */
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { ApiError } from "./api-error.ts";

/** @throws {ApiError} "bad_data" naming the first field that is wrong */
export function readJson<T>(request: FastifyRequest, schema: z.ZodType<T>): T {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const where = path === "" ? "the body" : `"${path}" of the body`;
  throw new ApiError("bad_data", `Cannot read ${where}: ${issue?.message ?? "invalid"}`);
}
