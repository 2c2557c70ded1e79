/** Where PagerDuty takes events, and how a file or a test moves that. */
import type { BaseUrls } from "../../types.ts";

const ORIGIN = "https://events.pagerduty.com";
const V1_PATH = "/generic/2010-04-15/create_event.json";
const V2_PATH = "/v2/enqueue";

/** Both endpoints below one address: `http://127.0.0.1:9999` for a stand-in. */
export function pagerdutyBaseUrls(base: string): Pick<BaseUrls, "pagerdutyV1" | "pagerdutyV2"> {
  const origin = base.replace(/\/+$/, "");
  return { pagerdutyV1: origin + V1_PATH, pagerdutyV2: origin + V2_PATH };
}

/**
 * The address for events of `version`: what the file says, else what we were given, else
 * PagerDuty's.
 *
 * A file's address is one for both versions. Where it is plainly v2's, v1 keeps its own path below
 * the same origin: people set `pagerduty_url` for v2 and still have service keys.
 */
export function pagerdutyUrl(
  version: "v1" | "v2",
  fileUrl: string | undefined,
  given: BaseUrls,
): string {
  if (version === "v2") return fileUrl ?? given.pagerdutyV2 ?? ORIGIN + V2_PATH;
  if (fileUrl === undefined) return given.pagerdutyV1 ?? ORIGIN + V1_PATH;
  return fileUrl.endsWith(V2_PATH) ? fileUrl.slice(0, -V2_PATH.length) + V1_PATH : fileUrl;
}
