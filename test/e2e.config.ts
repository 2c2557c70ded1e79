import { suite } from "./suite.ts";

/** Whole processes, real time, a real browser. */
export default suite({ name: "e2e", include: ["test/e2e/**/*.test.ts"], testTimeoutMs: 120_000 });
