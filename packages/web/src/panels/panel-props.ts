import type { PanelData } from "../dashboard/panel-data.ts";

/** What every drawing of a panel is given: its model, its data (with at least one series). */
export interface PanelProps<P> {
  readonly panel: P;
  readonly data: PanelData;
  /** Charts of one key share their crosshair. */
  readonly syncKey: string;
  onZoom(fromMs: number, toMs: number): void;
}
