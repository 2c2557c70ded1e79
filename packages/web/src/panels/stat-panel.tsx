import { bestColumns } from "../charts/best-grid.ts";
import { useScheme } from "../frame/scheme.ts";
import { useSize } from "../frame/use-size.ts";
import type { StatPanel } from "../model.ts";
import type { PanelProps } from "./panel-props.ts";
import { type SingleValue, singleValues } from "./single-values.ts";
import { Sparkline } from "./sparkline.tsx";

/** Width over height of a number with its name. */
const CELL_ASPECT = 2.4;

export function StatView({ panel, data }: PanelProps<StatPanel>) {
  const scheme = useScheme();
  const [ref, size] = useSize<HTMLDivElement>();
  const cells = singleValues(panel, data, scheme);
  const columns = size ? bestColumns(cells.length, size, CELL_ASPECT) : 1;
  const hasNames =
    panel.textMode === "value_and_name" || (panel.textMode === "auto" && cells.length > 1);
  return (
    <div
      className="cells"
      ref={ref}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {cells.map((cell) => (
        <Cell key={cell.key} cell={cell} panel={panel} hasName={hasNames} />
      ))}
    </div>
  );
}

function Cell({
  cell,
  panel,
  hasName,
}: {
  readonly cell: SingleValue;
  readonly panel: StatPanel;
  readonly hasName: boolean;
}) {
  const isFilled = panel.colorMode === "background";
  const color = panel.colorMode === "none" ? "var(--text)" : cell.color;
  // A tint, not a slab: a wall of saturated boxes shouts down the one that matters.
  const tint = `color-mix(in srgb, ${color} 17%, transparent)`;
  const style = isFilled ? { background: tint, color } : { color };
  const { prefix, text, suffix } = cell.shown;
  return (
    <div className="stat" data-filled={isFilled} style={style}>
      <div className="stat-text">
        {panel.textMode !== "name" && panel.textMode !== "none" && (
          <div className="stat-value">
            {prefix}
            {text}
            {suffix && <small>{suffix}</small>}
          </div>
        )}
        {(hasName || panel.textMode === "name") && (
          <div className="stat-name" title={cell.name}>
            {cell.name}
          </div>
        )}
      </div>
      {panel.hasSparkline && <Sparkline values={cell.values} color="currentColor" />}
    </div>
  );
}
