/** Which of the two looks the page has now: the reader's choice, else the system's. */
import { useComputedColorScheme } from "@mantine/core";
import type { Scheme } from "../charts/colors.ts";

export function useScheme(): Scheme {
  return useComputedColorScheme("dark");
}

/** Colours of what is drawn on a canvas, where CSS does not reach. The same as in base.css. */
export const CANVAS_COLORS: Readonly<
  Record<Scheme, { readonly text: string; readonly grid: string; readonly tick: string }>
> = {
  dark: { text: "#a39a92", grid: "rgba(255, 240, 225, 0.07)", tick: "rgba(255, 240, 225, 0.12)" },
  light: { text: "#6d645c", grid: "rgba(60, 40, 20, 0.09)", tick: "rgba(60, 40, 20, 0.16)" },
};

export const CANVAS_FONT = '11px Inter, ui-sans-serif, system-ui, "Segoe UI", sans-serif';
