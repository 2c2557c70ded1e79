/** Amazon's services. Source: prometheus/discovery/aws */
import { count, listOf, section, text } from "../../../config/index.ts";
import { firstOf, httpDiscovery, optionalText, port, refresh } from "./section.ts";

const filters = listOf(
  section("aws.Filter", { name: text().optional(), values: listOf(text()).default([]) }),
);

const account = {
  endpoint: text().optional(),
  region: text().optional(),
  access_key: text().optional(),
  secret_key: text().optional(),
  profile: text().optional(),
  role_arn: text().optional(),
  external_id: text().optional(),
  ...refresh,
  ...port,
};

const clusters = {
  clusters: listOf(text()).optional(),
  request_concurrency: count().optional(),
};

export const ec2 = httpDiscovery(
  "aws.plain",
  { ...account, filters: filters.default([]) },
  (config) =>
    config.filters.some(({ values }) => values.length === 0)
      ? "EC2 SD configuration filter values cannot be empty"
      : undefined,
);

export const lightsail = httpDiscovery("aws.plain", account);
export const ecs = httpDiscovery("aws.plain", { ...account, ...clusters });
export const elasticache = httpDiscovery("aws.plain", { ...account, ...clusters });
export const msk = httpDiscovery("aws.plain", { ...account, ...clusters });
export const rds = httpDiscovery("aws.plain", {
  ...account,
  ...clusters,
  filters: filters.optional(),
});

const ROLES: readonly string[] = ["ec2", "ecs", "elasticache", "lightsail", "msk", "rds"];

/** All of the above under one key, told apart by `role`. */
export const aws = httpDiscovery(
  "aws.plain",
  {
    ...account,
    role: optionalText(),
    filters: filters.optional(),
    clusters: listOf(text()).optional(),
  },
  ({ role }) => firstOf([!ROLES.includes(role), `unknown AWS SD role "${role}"`]),
);
