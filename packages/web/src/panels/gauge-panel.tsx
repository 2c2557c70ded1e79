import { arcPath, fractionOf } from "../charts/arc.ts";
import { bestColumns } from "../charts/best-grid.ts";
import { resolveColor, type Scheme } from "../charts/colors.ts";
import { useScheme } from "../frame/scheme.ts";
import { useSize } from "../frame/use-size.ts";
import type { GaugePanel } from "../model.ts";
import type { PanelProps } from "./panel-props.ts";
import { type SingleValue, singleValues } from "./single-values.ts";

const CELL_ASPECT = 1.2;
const VALUE_RADIUS = 40;
const THRESHOLD_RADIUS = 47.5;

export function GaugeView({ panel, data }: PanelProps<GaugePanel>) {
  const scheme = useScheme();
  const [ref, size] = useSize<HTMLDivElement>();
  const cells = singleValues(panel, data, scheme);
  const columns = size ? bestColumns(cells.length, size, CELL_ASPECT) : 1;
  return (
    <div
      className="cells"
      ref={ref}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {cells.map((cell) => (
        <Gauge key={cell.key} cell={cell} scheme={scheme} hasName={cells.length > 1} />
      ))}
    </div>
  );
}

function Gauge({
  cell,
  scheme,
  hasName,
}: {
  readonly cell: SingleValue;
  readonly scheme: Scheme;
  readonly hasName: boolean;
}) {
  const { prefix, text, suffix } = cell.shown;
  const shown = `${prefix}${text}${suffix}`;
  const fraction = fractionOf(cell.value, cell.min, cell.max);
  return (
    <div className="gauge" role="img" aria-label={`${cell.name}: ${shown}`}>
      <svg viewBox="0 0 100 80" aria-hidden="true">
        <path className="gauge-track" d={arcPath(VALUE_RADIUS, 0, 1)} />
        {fraction > 0 && (
          <path
            className="gauge-value"
            d={arcPath(VALUE_RADIUS, 0, fraction)}
            stroke={cell.color}
          />
        )}
        {thresholdArcs(cell).map(({ from, to, color }) => (
          <path
            key={from}
            className="gauge-threshold"
            d={arcPath(THRESHOLD_RADIUS, from, to)}
            stroke={resolveColor(color, scheme, "var(--muted)")}
          />
        ))}
        <text x="50" y="57" className="gauge-text" style={{ fontSize: fontSizeOf(shown) }}>
          {shown}
        </text>
      </svg>
      {hasName && (
        <div className="gauge-name" title={cell.name}>
          {cell.name}
        </div>
      )}
    </div>
  );
}

/** Long texts shrink to stay inside the arc. */
function fontSizeOf(text: string): number {
  return Math.min(17, 88 / Math.max(4, text.length));
}

interface Arc {
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

/** The bands of the thresholds around the arc; none when there is only the base. */
export function thresholdArcs({
  fields,
  min,
  max,
}: Pick<SingleValue, "fields" | "min" | "max">): Arc[] {
  const { steps, mode } = fields.thresholds;
  if (steps.length < 2) return [];
  const at = (value: number | null) => {
    if (value === null) return 0;
    return mode === "percentage" ? fractionOf(value, 0, 100) : fractionOf(value, min, max);
  };
  return steps
    .map((step, i) => {
      const next = steps[i + 1];
      return {
        from: i === 0 ? 0 : at(step.value),
        to: next ? at(next.value) : 1,
        color: step.color,
      };
    })
    .filter(({ from, to }) => to > from);
}
