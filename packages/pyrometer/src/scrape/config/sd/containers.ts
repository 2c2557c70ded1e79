/** Container engines and orchestrators other than Kubernetes. Source: prometheus/discovery/moby … */
import { boolean, durationMs, listOf, parseUrl, section, text } from "../../../config/index.ts";
import { MS_PER_MINUTE } from "../../../std/index.ts";
import { tlsConfig } from "../http-client.ts";
import type { Problem } from "../problems.ts";
import { discovery, firstOf, httpDiscovery, optionalText, port, refresh } from "./section.ts";

const filters = listOf(
  section("moby.Filter", { name: text().optional(), values: listOf(text()).optional() }),
).optional();

function hostProblem(host: string): string | undefined {
  if (host === "") return "host missing";
  const parsed = parseUrl(host);
  return "problem" in parsed ? parsed.problem : undefined;
}

export const docker = httpDiscovery(
  "moby.plain",
  {
    host: optionalText(),
    ...port,
    ...refresh,
    filters,
    host_networking_host: text().optional(),
    match_first_network: boolean().optional(),
  },
  ({ host }) => hostProblem(host),
);

export const dockerSwarm = httpDiscovery(
  "moby.plain",
  { host: optionalText(), role: optionalText(), ...port, ...refresh, filters },
  ({ host, role }) =>
    hostProblem(host) ??
    firstOf(
      [role === "", "role missing (one of: tasks, services, nodes)"],
      [
        !["services", "nodes", "tasks"].includes(role),
        `invalid role ${role}, expected tasks, services, or nodes`,
      ],
    ),
);

export const marathon = httpDiscovery(
  "marathon.plain",
  {
    servers: listOf(text()).default([]),
    ...refresh,
    auth_token: optionalText(),
    auth_token_file: optionalText(),
  },
  (config) => {
    const hasToken = config.auth_token !== "" || config.auth_token_file !== "";
    const hasBearer = Boolean(config.bearer_token) || Boolean(config.bearer_token_file);
    const atMostOne = (names: string) => `marathon_sd: at most one of ${names} must be configured`;
    return firstOf(
      [config.servers.length === 0, "marathon_sd: must contain at least one Marathon server"],
      [
        config.auth_token !== "" && config.auth_token_file !== "",
        atMostOne("auth_token & auth_token_file"),
      ],
      [
        hasToken && config.basic_auth !== undefined,
        atMostOne("basic_auth, auth_token & auth_token_file"),
      ],
      [
        hasToken && hasBearer,
        atMostOne("bearer_token, bearer_token_file, auth_token & auth_token_file"),
      ],
      [
        hasToken && config.authorization !== undefined,
        atMostOne("auth_token, auth_token_file & authorization"),
      ],
    );
  },
);

export const nomad = httpDiscovery(
  "nomad.plain",
  {
    allow_stale: boolean().optional(),
    namespace: text().optional(),
    region: text().optional(),
    server: text().default("http://localhost:4646"),
    tag_separator: text().optional(),
    ...refresh,
  },
  ({ server }) =>
    server.trim() === "" ? "nomad SD configuration requires a server address" : undefined,
);

export const triton = discovery(
  "triton.plain",
  {
    account: optionalText(),
    role: text().default("container"),
    dns_suffix: optionalText(),
    endpoint: optionalText(),
    groups: listOf(text()).optional(),
    ...port,
    refresh_interval: durationMs().default(MS_PER_MINUTE),
    tls_config: tlsConfig.optional(),
    version: text().optional(),
  },
  (config): Problem | undefined =>
    firstOf(
      [
        config.role !== "container" && config.role !== "cn",
        "triton SD configuration requires role to be 'container' or 'cn'",
      ],
      [config.account === "", "triton SD configuration requires an account"],
      [config.dns_suffix === "", "triton SD configuration requires a dns_suffix"],
      [config.endpoint === "", "triton SD configuration requires an endpoint"],
      [
        config.refresh_interval <= 0,
        "triton SD configuration requires RefreshInterval to be a positive integer",
      ],
    ),
);
