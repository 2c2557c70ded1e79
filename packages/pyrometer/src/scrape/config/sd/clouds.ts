/** Providers of machines. Source: prometheus/discovery/<provider> */
import { boolean, durationMs, listOf, parseUrl, quoted, text } from "../../../config/index.ts";
import { formatDuration, MS_PER_MINUTE } from "../../../std/index.ts";
import { tlsConfig } from "../http-client.ts";
import { discovery, firstOf, httpDiscovery, optionalText, port, refresh } from "./section.ts";

const AZURE_METHODS: readonly string[] = ["OAuth", "ManagedIdentity", "SDK", "WorkloadIdentity"];

export const azure = httpDiscovery(
  "azure.plain",
  {
    environment: text().optional(),
    ...port,
    subscription_id: optionalText(),
    tenant_id: optionalText(),
    client_id: optionalText(),
    client_secret: optionalText(),
    ...refresh,
    authentication_method: text().default("OAuth"),
    resource_group: text().optional(),
  },
  (config) => {
    const method = config.authentication_method;
    const isOauth = method === "OAuth";
    const requires = (name: string) => `azure SD configuration requires a ${name}`;
    return firstOf(
      [config.subscription_id === "", requires("subscription_id")],
      [isOauth && config.tenant_id === "", requires("tenant_id")],
      [isOauth && config.client_id === "", requires("client_id")],
      [isOauth && config.client_secret === "", requires("client_secret")],
      [
        !AZURE_METHODS.includes(method),
        `unknown authentication_type ${quoted(method)}. Supported types are "OAuth", "ManagedIdentity", "SDK" or "WorkloadIdentity"`,
      ],
    );
  },
);

export const digitalOcean = httpDiscovery(
  "digitalocean.plain",
  { ...refresh, ...port, role: text().default("droplets") },
  ({ role }) =>
    firstOf(
      [role === "", "role missing (one of: droplets, databases)"],
      [!["droplets", "databases"].includes(role), `unknown DigitalOcean SD role ${quoted(role)}`],
    ),
);

export const gce = discovery(
  "gce.plain",
  {
    project: optionalText(),
    zone: optionalText(),
    filter: text().optional(),
    ...refresh,
    ...port,
    tag_separator: text().optional(),
  },
  ({ project, zone }) =>
    firstOf(
      [project === "", "GCE SD configuration requires a project"],
      [zone === "", "GCE SD configuration requires a zone"],
    ),
);

export const hetzner = httpDiscovery(
  "hetzner.plain",
  { ...refresh, ...port, role: optionalText(), label_selector: text().optional() },
  ({ role }) =>
    firstOf(
      [role === "", "role missing (one of: robot, hcloud)"],
      [!["robot", "hcloud"].includes(role), `unknown role ${quoted(role)}`],
    ),
);

export const ionos = httpDiscovery(
  "ionos.plain",
  { datacenter_id: optionalText(), ...refresh, ...port },
  ({ datacenter_id: id }) => firstOf([id === "", "datacenter id can't be empty"]),
);

export const linode = httpDiscovery("linode.plain", {
  ...refresh,
  ...port,
  tag_separator: text().optional(),
  region: text().optional(),
});

export const openstack = discovery(
  "openstack.plain",
  {
    identity_endpoint: text().optional(),
    username: text().optional(),
    userid: text().optional(),
    password: text().optional(),
    project_name: text().optional(),
    project_id: text().optional(),
    domain_name: text().optional(),
    domain_id: text().optional(),
    application_credential_name: text().optional(),
    application_credential_id: text().optional(),
    application_credential_secret: text().optional(),
    role: optionalText(),
    region: optionalText(),
    ...refresh,
    ...port,
    all_tenants: boolean().optional(),
    tls_config: tlsConfig.optional(),
    availability: text().default("public"),
  },
  ({ role, region, availability }) =>
    firstOf(
      [
        role !== "" && !["hypervisor", "instance", "loadbalancer"].includes(role),
        `unknown OpenStack SD role ${quoted(role)}`,
      ],
      [
        !["public", "internal", "admin"].includes(availability),
        `unknown availability ${availability}, must be one of admin, internal or public`,
      ],
      [role === "", "role missing (one of: instance, hypervisor, loadbalancer)"],
      [region === "", "openstack SD configuration requires a region"],
    ),
);

export const outscale = httpDiscovery(
  "outscale.plain",
  {
    endpoint: text().optional(),
    region: text().default("eu-west-2"),
    access_key: optionalText(),
    secret_key: optionalText(),
    secret_key_file: optionalText(),
    ...refresh,
    ...port,
  },
  (config) =>
    firstOf(
      [config.region === "", "outscale SD configuration requires a region"],
      [config.access_key === "", "outscale SD configuration requires access_key"],
    ) ?? secretKeyProblem(config),
);

function secretKeyProblem(config: {
  readonly secret_key: string;
  readonly secret_key_file: string;
}): string | undefined {
  const hasKey = config.secret_key !== "";
  const hasFile = config.secret_key_file !== "";
  return firstOf(
    [!hasKey && !hasFile, "one of secret_key & secret_key_file must be configured"],
    [hasKey && hasFile, "at most one of secret_key & secret_key_file must be configured"],
  );
}

export const ovhcloud = discovery(
  "ovhcloud.plain",
  {
    endpoint: text().default("ovh-eu"),
    application_key: optionalText(),
    application_secret: optionalText(),
    consumer_key: optionalText(),
    ...refresh,
    service: optionalText(),
  },
  (config) =>
    firstOf(
      [config.endpoint === "", "endpoint can not be empty"],
      [config.application_key === "", "application key can not be empty"],
      [config.application_secret === "", "application secret can not be empty"],
      [config.consumer_key === "", "consumer key can not be empty"],
      [!["dedicated_server", "vps"].includes(config.service), `unknown service: ${config.service}`],
    ),
);

export const scaleway = httpDiscovery(
  "scaleway.plain",
  {
    project_id: optionalText(),
    api_url: text().optional(),
    zone: text().optional(),
    access_key: optionalText(),
    secret_key: optionalText(),
    secret_key_file: optionalText(),
    name_filter: text().optional(),
    tags_filter: listOf(text()).optional(),
    ...refresh,
    ...port,
    role: optionalText(),
  },
  (config) =>
    firstOf(
      [config.role === "", "role missing (one of: instance, baremetal)"],
      [!["instance", "baremetal"].includes(config.role), `unknown role ${quoted(config.role)}`],
      [config.project_id === "", "project_id is mandatory"],
    ) ??
    secretKeyProblem(config) ??
    firstOf([config.access_key === "", "access_key is mandatory"]),
);

export const stackit = httpDiscovery(
  "stackit.plain",
  {
    project: text().optional(),
    ...refresh,
    ...port,
    region: text().default("eu01"),
    endpoint: optionalText(),
    service_account_key: text().optional(),
    private_key: text().optional(),
    service_account_key_path: text().optional(),
    private_key_path: text().optional(),
    credentials_file_path: text().optional(),
  },
  ({ endpoint, region }) => {
    if (endpoint === "" && region === "") return "stackit_sd: endpoint and region missing";
    const parsed = parseUrl(endpoint);
    return "problem" in parsed
      ? `stackit_sd: invalid endpoint ${quoted(endpoint)}: ${parsed.problem}`
      : undefined;
  },
);

export const vultr = httpDiscovery("vultr.plain", { ...refresh, ...port });

const OCI_KEYS = [
  "tenancy",
  "user",
  "fingerprint",
  "key_file",
  "key_passphrase",
  "key_passphrase_file",
] as const;

export const oci = httpDiscovery(
  "oci.plain",
  {
    auth: text().default("api_key"),
    tenancy: optionalText(),
    user: optionalText(),
    fingerprint: optionalText(),
    key_file: optionalText(),
    key_passphrase: optionalText(),
    key_passphrase_file: optionalText(),
    region: optionalText(),
    compartments: listOf(text()).default([]),
    ...port,
    refresh_interval: durationMs().default(MS_PER_MINUTE),
  },
  (config) => {
    const emptyIndex = config.compartments.indexOf("");
    return (
      firstOf([config.region === "", "oci_sd: region is required"]) ??
      ociAuthProblem(config) ??
      firstOf(
        [emptyIndex >= 0, `oci_sd: compartments[${emptyIndex}] must not be empty`],
        [
          config.refresh_interval <= 0,
          `oci_sd: refresh_interval must be positive, got ${formatDuration(config.refresh_interval)}`,
        ],
      )
    );
  },
);

type OciAuth = Readonly<Record<"auth" | (typeof OCI_KEYS)[number], string>>;

function ociAuthProblem(config: OciAuth): string | undefined {
  switch (config.auth) {
    case "api_key": {
      const missing = OCI_KEYS.slice(0, 4).find((key) => config[key] === "");
      return firstOf(
        [missing !== undefined, `oci_sd: api_key auth requires ${missing}`],
        [
          config.key_passphrase !== "" && config.key_passphrase_file !== "",
          "oci_sd: at most one of key_passphrase and key_passphrase_file must be configured",
        ],
      );
    }
    case "instance_principal":
      return OCI_KEYS.some((key) => config[key] !== "")
        ? "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set"
        : undefined;
    default:
      return `oci_sd: unknown auth method ${quoted(config.auth)}, expected "api_key" or "instance_principal"`;
  }
}
