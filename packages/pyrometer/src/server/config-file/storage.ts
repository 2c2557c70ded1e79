/** The storage section. Its limits are the on-disk store's, which is not here yet. */
import type { z } from "zod";
import {
  durationMs,
  float,
  integer,
  quoted,
  section,
  sizeBytes,
  text,
} from "../../config/index.ts";
import type { ConfigProblem } from "../../scrape/index.ts";
import { refined } from "../../scrape/index.ts";

const retentionSection = section("config.plain", {
  time: durationMs().optional(),
  size: sizeBytes().default(0),
  percentage: float().default(0),
});

const retention = refined(retentionSection, retentionProblem);

function retentionProblem({
  size,
  percentage,
}: z.output<typeof retentionSection>): ConfigProblem | undefined {
  if (size < 0) {
    const text = `'storage.tsdb.retention.size' must be greater than or equal to 0, got ${size}B`;
    return { at: ["size"], text };
  }
  if (percentage < 0 || percentage > 100) {
    const text = `'storage.tsdb.retention.percentage' must be in the range [0, 100], got ${percentage}`;
    return { at: ["percentage"], text };
  }
  return undefined;
}

const tsdb = section("config.plain", {
  out_of_order_time_window: durationMs().optional(),
  stale_series_compaction_threshold: float().optional(),
  chunk_encoding: section("config.ChunkEncodingConfig", {
    floats: text()
      .refine((encoding) => ["", "xor", "xor2"].includes(encoding), {
        error: (issue) =>
          `'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got ${quoted(String(issue.input))}`,
      })
      .optional(),
  }).optional(),
  retention: retention.optional(),
});

export const storage = section("config.StorageConfig", {
  tsdb: tsdb.optional(),
  exemplars: section("config.ExemplarsConfig", { max_exemplars: integer().optional() }).optional(),
});
