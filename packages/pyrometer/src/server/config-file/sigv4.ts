import { boolean, section, text } from "../../config/index.ts";

/** How requests to Amazon's managed service are signed. */
export const sigv4 = section("sigv4.plain", {
  region: text().optional(),
  access_key: text().optional(),
  secret_key: text().optional(),
  profile: text().optional(),
  role_arn: text().optional(),
  external_id: text().optional(),
  use_fips_sts_endpoint: boolean().optional(),
  service_name: text().optional(),
});
