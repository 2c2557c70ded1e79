/** The filter[]-like parameters of /api/v2: matchers, flags, a receiver's regular expression. */
import type { AlertFilter } from "../../alertmanager/index.ts";
import { MatcherError, parseMatcher } from "../../alertmanager/index.ts";
import type { Matcher } from "../../model/index.ts";
import { compileTest, RegexError } from "../../model/index.ts";
import type { Params } from "../params.ts";
import { readBoolean } from "../params.ts";
import { RequestError } from "./request-error.ts";

/** @throws {RequestError} */
export function readAlertFilter(params: Params): AlertFilter {
  return {
    active: readFlag(params, "active"),
    silenced: readFlag(params, "silenced"),
    inhibited: readFlag(params, "inhibited"),
    unprocessed: readFlag(params, "unprocessed"),
    muted: readFlag(params, "muted"),
    matchers: readMatchers(params.all("filter")),
    receiver: readReceiver(params.text("receiver")),
  };
}

/** @throws {RequestError} */
export function readMatchers(texts: readonly string[]): readonly Matcher[] {
  return texts.map((text) => {
    try {
      return parseMatcher(text);
    } catch (error) {
      if (!(error instanceof MatcherError)) throw error;
      throw new RequestError(400, error.message);
    }
  });
}

/** Every flag is on unless it is switched off. @throws {RequestError} */
export function readFlag(params: Params, name: string): boolean {
  const text = params.text(name);
  if (text === "") return true;
  const flag = readBoolean(text);
  if (flag !== undefined) return flag;
  const problem = `${name} in query must be of type boolean: ${JSON.stringify(text)}`;
  throw new RequestError(422, problem, { schemaCode: 601 });
}

function readReceiver(pattern: string): AlertFilter["receiver"] {
  if (pattern === "") return undefined;
  try {
    return compileTest(pattern);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new RequestError(400, `failed to parse receiver param: ${error.message}`);
  }
}
