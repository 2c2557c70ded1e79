/** Kubernetes. Source: prometheus/discovery/kubernetes */
import { boolean, listOf, quoted, section, text, url } from "../../../config/index.ts";
import { HTTP_CLIENT_KEYS } from "../http-client.ts";
import type { Problem } from "../problems.ts";
import { firstOf, httpDiscovery, optionalText } from "./section.ts";

/** The objects a role may be narrowed down by. */
const SELECTORS_OF_ROLE: Readonly<Record<string, readonly string[]>> = {
  pod: ["pod", "node"],
  service: ["service"],
  endpointslice: ["pod", "service", "endpointslice"],
  endpoints: ["pod", "service", "endpoints"],
  node: ["node"],
  ingress: ["ingress"],
};

const selector = section("kubernetes.SelectorConfig", {
  role: optionalText(),
  label: optionalText(),
  field: optionalText(),
});

const namespaces = section("kubernetes.plain", {
  own_namespace: boolean().optional(),
  names: listOf(text()).optional(),
});

const attachMetadata = section("kubernetes.AttachMetadataConfig", {
  node: boolean().optional(),
  namespace: boolean().optional(),
  deployment: boolean().optional(),
  job: boolean().optional(),
  cronjob: boolean().optional(),
});

const fields = {
  api_server: url().optional(),
  role: optionalText(),
  kubeconfig_file: optionalText(),
  namespaces: namespaces.optional(),
  selectors: listOf(selector).default([]),
  attach_metadata: attachMetadata.optional(),
};

interface Config {
  readonly role: string;
  readonly api_server?: string | undefined;
  readonly kubeconfig_file: string;
  readonly namespaces?: { readonly own_namespace?: boolean | undefined } | undefined;
  readonly selectors: readonly Selector[];
}

interface Selector {
  readonly role: string;
  readonly label: string;
  readonly field: string;
}

export const kubernetes = httpDiscovery(
  "kubernetes.plain",
  fields,
  (config) => roleProblem(config.role) ?? accessProblem(config) ?? selectorsProblem(config),
);

function roleProblem(role: string): Problem | undefined {
  if (role === "") {
    return "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)";
  }
  const isKnown = Object.hasOwn(SELECTORS_OF_ROLE, role);
  return isKnown ? undefined : { at: ["role"], text: `unknown Kubernetes SD role ${quoted(role)}` };
}

/** Three ways to reach the API server exclude each other: in-cluster, a URL, a kubeconfig. */
function accessProblem(config: Config & Readonly<Record<string, unknown>>): string | undefined {
  const hasServer = config.api_server !== undefined;
  const hasKubeconfig = config.kubeconfig_file !== "";
  const hasOwnNamespace = config.namespaces?.own_namespace === true;
  const hasHttp = HTTP_CLIENT_KEYS.some((key) => !isDefault(config[key]));
  return firstOf(
    [hasServer && hasKubeconfig, "cannot use 'kubeconfig_file' and 'api_server' simultaneously"],
    [
      hasKubeconfig && hasHttp,
      "cannot use a custom HTTP client configuration together with 'kubeconfig_file'",
    ],
    [
      !hasServer && hasHttp,
      "to use custom HTTP client configuration please provide the 'api_server' URL explicitly",
    ],
    [
      hasServer && hasOwnNamespace,
      "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously",
    ],
    [
      hasKubeconfig && hasOwnNamespace,
      "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously",
    ],
  );
}

/** follow_redirects and enable_http2 are true by default, everything else is unset. */
function isDefault(value: unknown): boolean {
  return value === undefined || value === true || value === "";
}

function selectorsProblem({ role, selectors }: Config): Problem | undefined {
  const allowed = SELECTORS_OF_ROLE[role] ?? [];
  const seen = new Set<string>();
  for (const [index, one] of selectors.entries()) {
    const isKnown = one.role === "" || Object.hasOwn(SELECTORS_OF_ROLE, one.role);
    const text =
      firstOf(
        [!isKnown, `unknown Kubernetes SD role ${quoted(one.role)}`],
        [seen.has(one.role), `duplicated selector role: ${one.role}`],
        [!allowed.includes(one.role), `${role} role supports only ${allowed.join(", ")} selectors`],
      ) ??
      fieldSelectorProblem(one.field) ??
      labelSelectorProblem(one.label);
    if (text !== undefined) return { at: ["selectors", index], text };
    seen.add(one.role);
  }
  return undefined;
}

/** `metadata.name=x,status.phase!=y`; a backslash keeps the character after it from meaning. */
function fieldSelectorProblem(selectorText: string): string | undefined {
  const terms = selectorText.split(/(?<!\\),/).filter((term) => term !== "");
  const bad = terms.find((term) => !/(?<!\\)=/.test(term));
  return bad === undefined
    ? undefined
    : `invalid selector: '${selectorText}'; can't understand '${bad}'`;
}

/** `app=web,tier in (a, b),!canary`: each requirement by itself, each with its parts apart. */
function labelSelectorProblem(selectorText: string): string | undefined {
  if (selectorText.trim() === "") return undefined;
  const bad = splitOutsideParentheses(selectorText).find((one) => !isRequirement(one.trim()));
  return bad === undefined
    ? undefined
    : `unable to parse requirement: ${quoted(bad.trim().slice(0, 80))}`;
}

function splitOutsideParentheses(selectorText: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of selectorText) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function isRequirement(requirement: string): boolean {
  if (requirement.startsWith("!")) return isLabelKey(requirement.slice(1).trim());
  const [key = "", operator, rest = ""] = splitOnce(
    requirement,
    /==|!=|[=<>]|\s(?:not)?in\s*(?=\()/,
  );
  if (operator === undefined) return isLabelKey(key);
  const list = /^\((.*)\)$/s.exec(rest.trim())?.[1];
  const values = operator.trim().endsWith("in") ? list?.split(",") : [rest];
  return isLabelKey(key) && (values?.every((one) => isLabelValue(one.trim())) ?? false);
}

/** What stands before the first match, the match, and what stands after; only the text if none. */
function splitOnce(text: string, pattern: RegExp): string[] {
  const match = pattern.exec(text);
  if (!match) return [text.trim()];
  const after = text.slice(match.index + match[0].length);
  return [text.slice(0, match.index).trim(), match[0], after];
}

/** `app`, `app.kubernetes.io/name` */
function isLabelKey(key: string): boolean {
  const slash = key.indexOf("/");
  const prefix = key.slice(0, Math.max(0, slash));
  const isPrefixed = slash === -1 || /^[A-Za-z0-9.-]+$/.test(prefix);
  const name = key.slice(slash + 1);
  return isPrefixed && name !== "" && isLabelValue(name);
}

function isLabelValue(value: string): boolean {
  return /^[A-Za-z0-9_.-]*$/.test(value) && !/^[_.-]|[_.-]$/.test(value);
}
