/** and, or, unless: which series pass depends on which labels the other side has at that step. */
import type { Binary } from "../parser/ast.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { signatureOf } from "./match-signature.ts";
import { vectorOf } from "./names.ts";

export async function combineSets(
  { operator, matching }: Binary,
  { left, right }: { readonly left: VectorColumns; readonly right: VectorColumns },
  { budget }: QueryContext,
): Promise<VectorColumns> {
  const [decider, filtered] = operator === "or" ? [left, right] : [right, left];
  const stepCount = left.series[0]?.values.length ?? 0;
  const present = new Map<string, Uint8Array>();
  await budget.forEach(decider.series, stepCount, (one) => {
    notePresence(present, signatureOf(one.labels, matching), one);
  });
  const keepsPresent = operator === "and";
  const kept: SeriesColumn[] = operator === "or" ? [...left.series] : [];
  await budget.forEach(filtered.series, stepCount, (one) => {
    const other = present.get(signatureOf(one.labels, matching));
    if (other !== undefined) kept.push({ ...one, present: masked(one, other, keepsPresent) });
    else if (!keepsPresent) kept.push(one);
  });
  return vectorOf(kept);
}

/** Per signature, the steps at which any series has a value. */
function notePresence(
  bySignature: Map<string, Uint8Array>,
  signature: string,
  { present }: Column,
): void {
  const known = bySignature.get(signature);
  if (known === undefined) bySignature.set(signature, present.slice());
  else for (let step = 0; step < known.length; step++) known[step]! |= present[step]!;
}

function masked({ present }: Column, other: Uint8Array, keepsPresent: boolean): Uint8Array {
  const result = new Uint8Array(present.length);
  for (let step = 0; step < present.length; step++) {
    const isKept = present[step] !== ABSENT && (other[step] !== ABSENT) === keepsPresent;
    result[step] = isKept ? present[step]! : ABSENT;
  }
  return result;
}
