/** Closes vertical gaps in a section's layout, as Grafana does: every panel falls until it lands. */
import type { GridPos, Panel } from "../model.ts";

export interface PlacedPanel {
  readonly panel: Panel;
  readonly pos: GridPos;
}

/** In reading order, which is also the order of a phone's single column. */
export function compact(panels: readonly Panel[]): PlacedPanel[] {
  const ordered = [...panels].sort(
    (a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x,
  );
  // The lowest free line of each of the 24 columns.
  const floor = new Array<number>(24).fill(0);
  return ordered.map((panel) => {
    const { x, w, h } = panel.gridPos;
    const y = Math.max(...floor.slice(x, x + w));
    floor.fill(y + h, x, x + w);
    return { panel, pos: { x, y, w, h } };
  });
}
