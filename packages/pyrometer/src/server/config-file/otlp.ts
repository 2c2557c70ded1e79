/** The otlp section: how OpenTelemetry's metrics become series. */
import type { z } from "zod";
import { boolean, listOf, quoted, section, text } from "../../config/index.ts";
import type { ConfigProblem } from "../../scrape/index.ts";
import { refined } from "../../scrape/index.ts";

const STRATEGIES: readonly string[] = [
  "",
  "UnderscoreEscapingWithSuffixes",
  "UnderscoreEscapingWithoutSuffixes",
  "NoUTF8EscapingWithSuffixes",
  "NoTranslation",
];

const otlpSection = section("config.plain", {
  promote_all_resource_attributes: boolean().default(false),
  promote_resource_attributes: listOf(text()).default([]),
  ignore_resource_attributes: listOf(text()).default([]),
  translation_strategy: text().default(""),
  keep_identifying_resource_attributes: boolean().optional(),
  convert_histograms_to_nhcb: boolean().optional(),
  promote_scope_metadata: boolean().optional(),
  label_name_underscore_sanitization: boolean().optional(),
  label_name_preserve_multiple_underscores: boolean().optional(),
});
type RawOtlp = z.output<typeof otlpSection>;

export const otlp = refined(otlpSection, otlpProblem);

function otlpProblem(raw: RawOtlp): ConfigProblem | undefined {
  const strategy = raw.translation_strategy;
  const attributes = attributesProblem(raw);
  if (attributes !== undefined) return attributes;
  if (STRATEGIES.includes(strategy)) return undefined;
  const text = `unsupported OTLP translation strategy ${quoted(strategy)}`;
  return { at: ["translation_strategy"], text };
}

function attributesProblem(raw: RawOtlp): string | undefined {
  const { promote_resource_attributes: promoted, ignore_resource_attributes: ignored } = raw;
  if (raw.promote_all_resource_attributes) {
    if (promoted.length > 0) {
      return "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously";
    }
    const problem = listProblem(ignored, "ignored");
    return problem && `invalid 'ignore_resource_attributes': ${problem}`;
  }
  if (ignored.length > 0) {
    return "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true";
  }
  const problem = listProblem(promoted, "promoted");
  return problem && `invalid 'promote_resource_attributes': ${problem}`;
}

/** Every empty and every repeated attribute, not only the first. */
function listProblem(attributes: readonly string[], adjective: string): string | undefined {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const attribute of attributes.map((one) => one.trim())) {
    if (attribute === "") problems.push(`empty ${adjective} OTel resource attribute`);
    else if (seen.has(attribute)) {
      problems.push(`duplicated ${adjective} OTel resource attribute ${quoted(attribute)}`);
    }
    seen.add(attribute);
  }
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** Strategies that leave names as they are need names that may hold any character. */
export function needsUtf8Names(strategy: string | undefined): boolean {
  return strategy === "NoUTF8EscapingWithSuffixes" || strategy === "NoTranslation";
}
