/** A line without axes behind a number: which way it went, not how far. */
import { useId } from "react";

interface Props {
  readonly values: readonly number[];
  readonly color: string;
}

const WIDTH = 100;
const HEIGHT = 30;

export function Sparkline({ values, color }: Props) {
  const gradientId = useId();
  const line = sparklinePath(values);
  if (line === "") return null;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <defs>
        <linearGradient id={gradientId} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor={color} stopOpacity="0.28" />
          <stop offset="1" stopColor={color} stopOpacity="0.02" />
        </linearGradient>
      </defs>
      <path d={`${line} L ${WIDTH} ${HEIGHT} L 0 ${HEIGHT} Z`} fill={`url(#${gradientId})`} />
      <path
        d={line}
        fill="none"
        stroke={color}
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** SVG path over the whole box; "" for less than two numbers. Gaps are drawn across. */
export function sparklinePath(values: readonly number[]): string {
  const present = values.filter(Number.isFinite);
  if (present.length < 2) return "";
  const low = present.reduce((min, value) => Math.min(min, value), Infinity);
  const high = present.reduce((max, value) => Math.max(max, value), -Infinity);
  const range = high - low;
  const points = present.map((value, i) => {
    const x = (i * WIDTH) / (present.length - 1);
    const y = range === 0 ? HEIGHT / 2 : HEIGHT - 2 - ((value - low) / range) * (HEIGHT - 4);
    return `${round(x)} ${round(y)}`;
  });
  return `M ${points.join(" L ")}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
