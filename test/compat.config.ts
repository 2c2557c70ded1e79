import { suite } from "./suite.ts";

/** Side by side with the real thing, where it is installed. */
export default suite({
  name: "compat",
  include: ["test/compat/**/*.test.ts"],
  testTimeoutMs: 600_000,
});
