/** Mantine's theme: the ember accent on warm neutrals. What Mantine does not reach is base.css'. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const ember: MantineColorsTuple = [
  "#fff1ea",
  "#ffe0d2",
  "#ffbfa3",
  "#ff9c71",
  "#fb7e48",
  "#f0692f",
  "#dd5620",
  "#c24717",
  "#9d3a14",
  "#7d3013",
];

/** Mantine paints dark surfaces from this scale: 7 is the page, 6 a card, 4 a border. */
const dark: MantineColorsTuple = [
  "#ece5de",
  "#c9c0b8",
  "#a39a92",
  "#6f665f",
  "#3d3733",
  "#332e2a",
  "#221e1c",
  "#171412",
  "#110f0d",
  "#0b0a09",
];

export const theme = createTheme({
  colors: { ember, dark },
  primaryColor: "ember",
  primaryShade: { light: 6, dark: 5 },
  defaultRadius: "md",
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
});
