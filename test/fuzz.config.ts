import { suite } from "./suite.ts";

/** Long runs of hostile or random input; SEED and COUNT as each file says. */
export default suite({
  name: "fuzz",
  include: ["packages/*/src/**/*.fuzz.ts"],
  testTimeoutMs: 600_000,
});
