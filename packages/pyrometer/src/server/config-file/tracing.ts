/** The tracing section: where Prometheus sends traces of itself. */
import type { z } from "zod";
import { boolean, durationMs, float, mapOf, section, text } from "../../config/index.ts";
import type { ConfigProblem } from "../../scrape/index.ts";
import { isReservedHeader, refined, tlsConfig } from "../../scrape/index.ts";

const tracingSection = section("config.plain", {
  client_type: text()
    .refine((type) => type === "http" || type === "grpc", {
      error: (issue) =>
        `expected tracing client type to be to be http or grpc, but got ${String(issue.input)}`,
    })
    .default("grpc"),
  endpoint: text().default(""),
  sampling_fraction: float().optional(),
  insecure: boolean().optional(),
  tls_config: tlsConfig.optional(),
  headers: mapOf(text()).default({}),
  compression: text().default(""),
  timeout: durationMs().optional(),
});

export const tracing = refined(tracingSection, tracingProblem);

function tracingProblem(raw: z.output<typeof tracingSection>): ConfigProblem | undefined {
  const authorization = "custom authorization header configuration is not yet supported";
  const headers = headersProblem(raw.headers, authorization);
  if (headers) return headers;
  if (raw.endpoint === "") return "tracing endpoint must be set";
  if (raw.compression === "" || raw.compression === "gzip") return undefined;
  const text = `invalid compression type ${raw.compression} provided, valid options: gzip`;
  return { at: ["compression"], text };
}

/** Headers that may not be set here, because the protocol or another field sets them. */
export function headersProblem(
  headers: Readonly<Record<string, string>>,
  aboutAuthorization: string,
): ConfigProblem | undefined {
  for (const name of Object.keys(headers)) {
    const at = ["headers", name];
    if (name.toLowerCase() === "authorization")
      return { at, text: aboutAuthorization, isAboutKey: true };
    // A remote endpoint may know when the scrape timed out; the list for clients does not.
    if (name.toLowerCase() === "x-prometheus-scrape-timeout-seconds") continue;
    if (isReservedHeader(name)) {
      return { at, text: `${name} is a reserved header. It must not be changed`, isAboutKey: true };
    }
  }
  return undefined;
}
