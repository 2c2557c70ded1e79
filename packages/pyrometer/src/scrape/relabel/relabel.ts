/**
 * Relabelling: the list of small rewriting rules that decides which targets and series there are
 * and what they are called.
 *
 * Source: prometheus model/relabel; every case of its tests is ours too
 */
import { createHash } from "node:crypto";
import type { Capture } from "../../model/index.ts";
import { compileCapture, isUtf8Name, Labels } from "../../model/index.ts";
import { unreachable } from "../../std/index.ts";
import type { RelabelRule } from "../config/types.ts";

/** A rule with its regular expression compiled. Made by compileRelabel() only. */
export interface CompiledRelabelRule {
  readonly rule: RelabelRule;
  readonly capture: Capture;
}

/** Labels while rules work on them: an empty value and none are the same, and stored as none. */
type Draft = Map<string, string>;

/** @throws {RegexError} when a rule's regex does not compile, which loading the file has ruled out */
export function compileRelabel(rules: readonly RelabelRule[]): CompiledRelabelRule[] {
  return rules.map((rule) => ({ rule, capture: compileCapture(rule.regex) }));
}

/** `labels` after all rules, in order; undefined when one of them drops it. */
export function relabel(labels: Labels, rules: readonly CompiledRelabelRule[]): Labels | undefined {
  if (rules.length === 0) return labels;
  const draft: Draft = new Map(labels);
  for (const rule of rules) if (!applyRule(draft, rule)) return undefined;
  return Labels.from(draft);
}

/** Whether the labels are kept. */
function applyRule(draft: Draft, { rule, capture }: CompiledRelabelRule): boolean {
  const { action, targetLabel } = rule;
  const value = rule.sourceLabels.map((name) => draft.get(name) ?? "").join(rule.separator);
  switch (action) {
    case "keep":
      return capture.test(value);
    case "drop":
      return !capture.test(value);
    case "keepequal":
      return (draft.get(targetLabel) ?? "") === value;
    case "dropequal":
      return (draft.get(targetLabel) ?? "") !== value;
    case "replace":
      replace(draft, value, { rule, capture });
      return true;
    case "lowercase":
      set(draft, targetLabel, value.toLowerCase());
      return true;
    case "uppercase":
      set(draft, targetLabel, value.toUpperCase());
      return true;
    case "hashmod":
      set(draft, targetLabel, String(hashMod(value, rule.modulus)));
      return true;
    case "labelmap":
      mapNames(draft, { rule, capture });
      return true;
    case "labeldrop":
      for (const name of [...draft.keys()]) if (capture.test(name)) draft.delete(name);
      return true;
    case "labelkeep":
      for (const name of [...draft.keys()]) if (!capture.test(name)) draft.delete(name);
      return true;
    default:
      return unreachable(action);
  }
}

function replace(draft: Draft, value: string, { rule, capture }: CompiledRelabelRule): void {
  const target = capture.expand(value, rule.targetLabel);
  if (target === undefined || !isUtf8Name(target)) return;
  set(draft, target, capture.expand(value, rule.replacement) ?? "");
}

/** Copies, and reads the names as they were before the first copy. */
function mapNames(draft: Draft, { rule, capture }: CompiledRelabelRule): void {
  for (const [name, value] of [...draft]) {
    const mapped = capture.expand(name, rule.replacement);
    if (mapped !== undefined) set(draft, mapped, value);
  }
}

/** The low half of the MD5, so that shards agree with those that Prometheus makes. */
function hashMod(value: string, modulus: number): bigint {
  return createHash("md5").update(value).digest().readBigUInt64BE(8) % BigInt(modulus);
}

function set(draft: Draft, name: string, value: string): void {
  if (value === "") draft.delete(name);
  else draft.set(name, value);
}
