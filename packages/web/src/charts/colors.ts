/**
 * Colours: the series palette of each scheme, and the colours that dashboard files name.
 *
 * The palettes keep one hue order in both schemes, so a series keeps its character when the theme
 * changes, and start with the ember of the house. Neighbours differ in lightness too: for readers
 * who do not tell red from green.
 */
export type Scheme = "dark" | "light";

const SERIES: Readonly<Record<Scheme, readonly string[]>> = {
  dark: [
    "#ff8a4c",
    "#5cb8e6",
    "#f2c94c",
    "#9d8cf0",
    "#4fc79a",
    "#ef6f8f",
    "#c3d36b",
    "#7f9cf5",
    "#d69de0",
    "#c9a27e",
  ],
  light: [
    "#d9541e",
    "#1f7fb5",
    "#b98900",
    "#6a53cf",
    "#14855c",
    "#c93a62",
    "#7d8f1c",
    "#3f5fd0",
    "#9c4fae",
    "#8a6238",
  ],
};

export function seriesColor(index: number, scheme: Scheme): string {
  const palette = SERIES[scheme];
  return palette[index % palette.length]!;
}

/** Grafana's hues: from super-light to dark. */
const HUES: Readonly<Record<string, Readonly<Record<Scheme, string>>>> = {
  green: { dark: "#5bbf87", light: "#1d8a55" },
  yellow: { dark: "#f0c150", light: "#b58300" },
  red: { dark: "#f0605d", light: "#cf2f35" },
  orange: { dark: "#ff914d", light: "#d9621a" },
  blue: { dark: "#62a8ea", light: "#2672b8" },
  purple: { dark: "#b28cf0", light: "#7c4fc4" },
};

/**
 * A colour as a file names it: Grafana's ("dark-red"), or CSS' own. `fallback` when it is none:
 * the text is the author's, and must not become anything but a colour.
 */
export function resolveColor(color: string, scheme: Scheme, fallback: string): string {
  const [, , hue = ""] = /^(super-light-|light-|semi-dark-|dark-)?([a-z]+)$/.exec(color) ?? [];
  const known = HUES[hue];
  if (known) return known[scheme];
  if (color === "text" || color === "") return fallback;
  const isCss = /^(#[0-9a-fA-F]{3,8}|rgba?\([\d\s.,%]+\)|hsla?\([\d\s.,%]+\)|[a-z]{3,20})$/;
  return isCss.test(color) ? color : fallback;
}

/** `color` (#rrggbb or rgb) at `alpha`, for fills. Others stay as they are, opaque. */
export function withAlpha(color: string, alpha: number): string {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (hex)
    return `rgba(${hex
      .slice(1)
      .map((part) => parseInt(part, 16))
      .join(", ")}, ${alpha})`;
  const rgb = /^rgba?\((\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(color);
  return rgb ? `rgba(${rgb[1]}, ${rgb[2]}, ${rgb[3]}, ${alpha})` : color;
}

/** From barely warm to white-hot (in light: to deep red), as a pyrometer's filament shows heat. */
const HEAT: Readonly<Record<Scheme, readonly (readonly [number, number, number])[]>> = {
  dark: [
    [52, 30, 28],
    [112, 32, 28],
    [184, 52, 28],
    [238, 108, 40],
    [252, 176, 84],
    [255, 238, 190],
  ],
  light: [
    [253, 235, 214],
    [252, 204, 152],
    [246, 156, 90],
    [226, 96, 44],
    [172, 46, 28],
    [98, 20, 22],
  ],
};

/** @param heat 0 to 1 */
export function heatColor(heat: number, scheme: Scheme): string {
  const stops = HEAT[scheme];
  const at = Math.min(1, Math.max(0, heat)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mixed = from.map((part, i) => Math.round(part + (to[i]! - part) * (at - index)));
  return `rgb(${mixed.join(", ")})`;
}
