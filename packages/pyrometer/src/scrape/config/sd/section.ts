/**
 * A service discovery's section: fields, then what Prometheus checks across them, then the HTTP
 * client's own checks when the discovery has one.
 *
 * Most discoveries are only known here, not run: their text is checked, so that a file that
 * Prometheus refuses is refused, and a warning says that they find nothing yet.
 */
import type { z } from "zod";
import { count, durationMs, section, text } from "../../../config/index.ts";
import type { RawHttpClient } from "../http-client.ts";
import { httpClientFields } from "../http-client.ts";
import { httpClientProblem } from "../http-client-problems.ts";
import type { Problem } from "../problems.ts";
import { refined } from "../problems.ts";

type Fields = z.core.$ZodLooseShape;
type Values<T extends Fields> = z.output<z.ZodObject<T>>;

/** @param find the first thing wrong with the fields taken together */
export function discovery<T extends Fields>(
  typeName: string,
  fields: T,
  find: (config: Values<T>) => Problem | undefined = () => undefined,
) {
  return refined(section(typeName, fields), (config) => find(config as Values<T>));
}

/** A discovery that asks over HTTP, with the client's fields inline. */
export function httpDiscovery<T extends Fields>(
  typeName: string,
  fields: T,
  find: (config: Values<T & typeof httpClientFields>) => Problem | undefined = () => undefined,
) {
  return refined(section(typeName, { ...httpClientFields, ...fields }), (config) => {
    const values = config as Values<T & typeof httpClientFields>;
    return find(values) ?? httpClientProblem(config as unknown as RawHttpClient);
  });
}

/** What nearly all of them have. */
export const refresh = { refresh_interval: durationMs().optional() };
export const port = { port: count().optional() };

/** A field that must be there is checked by the section, in Prometheus' words; so none is here. */
export const optionalText = () => text().default("");

/** The first text of a list of [is it wrong, what to say]. */
export function firstOf(
  ...checks: readonly (readonly [isWrong: boolean, text: string])[]
): string | undefined {
  return checks.find(([isWrong]) => isWrong)?.[1];
}
