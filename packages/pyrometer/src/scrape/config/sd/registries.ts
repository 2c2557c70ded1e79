/** Service registries and inventories. Source: prometheus/discovery/<registry> */
import {
  boolean,
  count,
  durationMs,
  listOf,
  mapOf,
  parseUrl,
  text,
} from "../../../config/index.ts";
import type { Problem } from "../problems.ts";
import { discovery, firstOf, httpDiscovery, optionalText, port, refresh } from "./section.ts";

export const consul = httpDiscovery(
  "consul.plain",
  {
    server: text().default("localhost:8500"),
    path_prefix: text().optional(),
    token: optionalText(),
    datacenter: text().optional(),
    namespace: text().optional(),
    partition: text().optional(),
    tag_separator: text().optional(),
    scheme: text().optional(),
    username: optionalText(),
    password: optionalText(),
    allow_stale: boolean().optional(),
    ...refresh,
    services: listOf(text()).optional(),
    tags: listOf(text()).optional(),
    node_meta: mapOf(text()).optional(),
    filter: text().optional(),
    health_filter: text().optional(),
  },
  (config) =>
    firstOf(
      [config.server.trim() === "", "consul SD configuration requires a server address"],
      [
        (config.username !== "" || config.password !== "") && config.basic_auth !== undefined,
        "at most one of consul SD configuration username and password and basic auth can be configured",
      ],
      [
        config.token !== "" && (config.authorization !== undefined || config.oauth2 !== undefined),
        "at most one of consul SD token, authorization, or oauth2 can be configured",
      ],
    ),
);

export const eureka = httpDiscovery(
  "eureka.plain",
  { server: optionalText(), ...refresh },
  ({ server }) => {
    if (server === "") return "eureka_sd: empty or null eureka server";
    const parsed = parseUrl(server);
    if ("problem" in parsed) return parsed.problem;
    const isWhole = parsed.scheme !== "" && parsed.host !== "";
    return isWhole ? undefined : "eureka_sd: invalid eureka server URL";
  },
);

export const kuma = httpDiscovery(
  "xds.plainKumaConf",
  {
    ...refresh,
    fetch_timeout: durationMs().optional(),
    server: optionalText(),
    client_id: text().optional(),
  },
  ({ server }) => {
    if (server === "") return "kuma SD server must not be empty: ";
    const parsed = parseUrl(server);
    if ("problem" in parsed) return parsed.problem;
    const isWhole = parsed.scheme !== "" && parsed.host !== "";
    return isWhole ? undefined : `kuma SD server must not be empty and have a scheme: ${server}`;
  },
);

export const puppetdb = httpDiscovery(
  "puppetdb.plain",
  {
    ...refresh,
    url: optionalText(),
    query: optionalText(),
    include_parameters: boolean().optional(),
    ...port,
  },
  ({ url, query }) => webUrlProblem(url) ?? firstOf([query === "", "query missing"]),
);

/** Shared with HTTP discovery: a whole http or https URL. */
export function webUrlProblem(url: string): Problem | undefined {
  if (url === "") return "URL is missing";
  const parsed = parseUrl(url);
  const text =
    "problem" in parsed
      ? parsed.problem
      : firstOf(
          [!/^https?$/.test(parsed.scheme), "URL scheme must be 'http' or 'https'"],
          [parsed.host === "", "host is missing in URL"],
        );
  return text === undefined ? undefined : { at: ["url"], text };
}

export const uyuni = httpDiscovery(
  "uyuni.plain",
  {
    server: optionalText(),
    username: optionalText(),
    password: optionalText(),
    entitlement: text().optional(),
    separator: text().optional(),
    ...refresh,
  },
  ({ server, username, password }) => {
    if (server === "") return "Uyuni SD configuration requires server host";
    const parsed = parseUrl(server);
    if ("problem" in parsed) return `Uyuni Server URL is not valid: ${parsed.problem}`;
    return firstOf(
      [username === "", "Uyuni SD configuration requires a username"],
      [password === "", "Uyuni SD configuration requires a password"],
    );
  },
);

export const serverset = zookeeper("serverset");
export const nerve = zookeeper("nerve");

function zookeeper(name: string) {
  return discovery(
    "zookeeper.plain",
    {
      servers: listOf(text()).default([]),
      paths: listOf(text()).default([]),
      timeout: durationMs().optional(),
    },
    ({ servers, paths }) => {
      const relative = paths.find((path) => !path.startsWith("/"));
      return firstOf(
        [servers.length === 0, `${name} SD config must contain at least one Zookeeper server`],
        [paths.length === 0, `${name} SD config must contain at least one path`],
        [relative !== undefined, `${name} SD config paths must begin with '/': ${relative}`],
      );
    },
  );
}

export const dns = discovery(
  "dns.plain",
  {
    names: listOf(text()).default([]),
    ...refresh,
    type: text().default("SRV"),
    port: count().default(0),
  },
  ({ names, type, port: number }) => {
    const kind = type.toUpperCase();
    return firstOf(
      [names.length === 0, "DNS-SD config must contain at least one SRV record name"],
      [
        ["A", "AAAA", "MX", "NS"].includes(kind) && number === 0,
        "a port is required in DNS-SD configs for all record types except SRV",
      ],
      [!["SRV", "A", "AAAA", "MX", "NS"].includes(kind), `invalid DNS-SD records type ${type}`],
    );
  },
);
