import { fractionOf } from "../charts/arc.ts";
import { useScheme } from "../frame/scheme.ts";
import type { BarGaugePanel } from "../model.ts";
import type { PanelProps } from "./panel-props.ts";
import { singleValues } from "./single-values.ts";

/** Always lying: names are read from left to right. A file's "vertical" is a matter of taste. */
export function BarGaugeView({ panel, data }: PanelProps<BarGaugePanel>) {
  const scheme = useScheme();
  const cells = singleValues(panel, data, scheme);
  return (
    <ul className="bars">
      {cells.map((cell) => {
        const shown = `${cell.shown.prefix}${cell.shown.text}${cell.shown.suffix}`;
        const percent = 100 * fractionOf(cell.value, cell.min, cell.max);
        return (
          <li key={cell.key}>
            <span className="bars-name" title={cell.name}>
              {cell.name}
            </span>
            <span className="bars-track" aria-hidden="true">
              <span
                className="bars-fill"
                style={{ width: `${percent}%`, background: cell.color }}
              />
            </span>
            <b style={{ color: cell.color }}>{shown}</b>
          </li>
        );
      })}
    </ul>
  );
}
