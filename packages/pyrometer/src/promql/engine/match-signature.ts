import type { Labels } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import type { VectorMatching } from "../parser/ast.ts";

/** The labels by which series of two sides find each other. */
export function matchedLabels(labels: Labels, { isOn, labels: names }: VectorMatching): Labels {
  return isOn ? labels.only(names) : labels.without([METRIC_NAME, ...names]);
}

export function signatureOf(labels: Labels, matching: VectorMatching): string {
  return matchedLabels(labels, matching).key;
}
