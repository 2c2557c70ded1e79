/**
 * Every service discovery by the key it has in a file. Static, file and HTTP discovery run; the
 * others are checked and warned of.
 */
import type { z } from "zod";
import { durationMs, listOf, notYet, quoted, text } from "../../../config/index.ts";
import { MS_PER_MINUTE } from "../../../std/index.ts";
import { httpClientFields, toHttpClientConfig } from "../http-client.ts";
import { staticGroups, toTargetGroups } from "../target-groups.ts";
import type { Discovery } from "../types.ts";
import { aws, ec2, ecs, elasticache, lightsail, msk, rds } from "./amazon.ts";
import {
  azure,
  digitalOcean,
  gce,
  hetzner,
  ionos,
  linode,
  oci,
  openstack,
  outscale,
  ovhcloud,
  scaleway,
  stackit,
  vultr,
} from "./clouds.ts";
import { docker, dockerSwarm, marathon, nomad, triton } from "./containers.ts";
import { kubernetes } from "./kubernetes.ts";
import {
  consul,
  dns,
  eureka,
  kuma,
  nerve,
  puppetdb,
  serverset,
  uyuni,
  webUrlProblem,
} from "./registries.ts";
import { discovery, httpDiscovery, optionalText } from "./section.ts";

/** A glob is allowed in the last element of the path only. */
const FILE_NAME = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

const file = discovery(
  "file.plain",
  {
    files: listOf(text()).default([]),
    refresh_interval: durationMs().default(5 * MS_PER_MINUTE),
  },
  ({ files }) => {
    if (files.length === 0) {
      return "file service discovery config must contain at least one path name";
    }
    const index = files.findIndex((name) => !FILE_NAME.test(name));
    if (index === -1) return undefined;
    const problem = `path name ${quoted(files[index]!)} is not valid for file discovery`;
    return { at: ["files", index], text: problem };
  },
);

const http = httpDiscovery(
  "http.plain",
  {
    ...httpClientFields,
    refresh_interval: durationMs().default(MS_PER_MINUTE),
    url: optionalText(),
  },
  ({ url }) => webUrlProblem(url),
);

function several<T extends z.ZodType>(name: string, one: T) {
  return listOf(one, `empty or null section in ${name}_sd_configs`);
}

function known<T extends z.ZodType>(name: string, one: T) {
  return notYet(several(name, one), "its targets are not found");
}

/** To be spread into the fields of whatever discovers: a scrape job, an Alertmanager. */
export const discoveryFields = {
  static_configs: staticGroups().optional(),
  file_sd_configs: several("file", file).optional(),
  http_sd_configs: several("http", http).optional(),
  aws_sd_configs: known("aws", aws),
  azure_sd_configs: known("azure", azure),
  consul_sd_configs: known("consul", consul),
  digitalocean_sd_configs: known("digitalocean", digitalOcean),
  dns_sd_configs: known("dns", dns),
  docker_sd_configs: known("docker", docker),
  dockerswarm_sd_configs: known("dockerswarm", dockerSwarm),
  ec2_sd_configs: known("ec2", ec2),
  ecs_sd_configs: known("ecs", ecs),
  elasticache_sd_configs: known("elasticache", elasticache),
  eureka_sd_configs: known("eureka", eureka),
  gce_sd_configs: known("gce", gce),
  hetzner_sd_configs: known("hetzner", hetzner),
  ionos_sd_configs: known("ionos", ionos),
  kubernetes_sd_configs: known("kubernetes", kubernetes),
  kuma_sd_configs: known("kuma", kuma),
  lightsail_sd_configs: known("lightsail", lightsail),
  linode_sd_configs: known("linode", linode),
  marathon_sd_configs: known("marathon", marathon),
  msk_sd_configs: known("msk", msk),
  nerve_sd_configs: known("nerve", nerve),
  nomad_sd_configs: known("nomad", nomad),
  oci_sd_configs: known("oci", oci),
  openstack_sd_configs: known("openstack", openstack),
  outscale_sd_configs: known("outscale", outscale),
  ovhcloud_sd_configs: known("ovhcloud", ovhcloud),
  puppetdb_sd_configs: known("puppetdb", puppetdb),
  rds_sd_configs: known("rds", rds),
  scaleway_sd_configs: known("scaleway", scaleway),
  serverset_sd_configs: known("serverset", serverset),
  stackit_sd_configs: known("stackit", stackit),
  triton_sd_configs: known("triton", triton),
  uyuni_sd_configs: known("uyuni", uyuni),
  vultr_sd_configs: known("vultr", vultr),
};

/** What of those fields runs. */
export interface RawDiscoveries {
  readonly static_configs?: z.output<ReturnType<typeof staticGroups>> | undefined;
  readonly file_sd_configs?: readonly z.output<typeof file>[] | undefined;
  readonly http_sd_configs?: readonly z.output<typeof http>[] | undefined;
}

/** @param resolve makes a path absolute */
export function toDiscoveries(
  raw: RawDiscoveries,
  resolve: (path: string) => string,
): readonly Discovery[] {
  const { static_configs: groups, file_sd_configs: files, http_sd_configs: urls } = raw;
  return [
    ...(groups ? [{ kind: "static" as const, groups: toTargetGroups(groups, "static") }] : []),
    ...(files ?? []).map((one) => ({
      kind: "file" as const,
      files: one.files.map(resolve),
      refreshIntervalMs: one.refresh_interval,
    })),
    ...(urls ?? []).map((one) => ({
      kind: "http" as const,
      url: one.url,
      refreshIntervalMs: one.refresh_interval,
      http: toHttpClientConfig(one, resolve),
    })),
  ];
}

/** The first address of a static target that is a URL, which people write and nothing scrapes. */
export function urlAsAddress(raw: RawDiscoveries): string | undefined {
  const addresses = (raw.static_configs ?? []).flatMap(({ targets }) => targets);
  return addresses.find((address) => address.includes("/"));
}
