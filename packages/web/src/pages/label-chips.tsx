import type { LabelSet } from "../api/types.ts";

export function LabelChips({
  labels,
  hidden = [],
}: {
  readonly labels: LabelSet;
  readonly hidden?: readonly string[];
}) {
  const shown = Object.entries(labels).filter(([name]) => !hidden.includes(name));
  return (
    <span className="chips">
      {shown.map(([name, value]) => (
        <span className="chip" key={name}>
          {name}
          <i>=</i>
          <b>{value}</b>
        </span>
      ))}
    </span>
  );
}
