/** The few icons we need, drawn on one 20 px grid with one stroke. Decoration: hidden from readers. */
import type { ReactNode } from "react";

function Icon({ children, size = 18 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** The eyepiece of a disappearing-filament pyrometer: a ring, and what glows inside it. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <defs>
        <radialGradient id="logo-ember">
          <stop offset="0" stopColor="#ffe3a8" />
          <stop offset=".45" stopColor="#ff9a3d" />
          <stop offset="1" stopColor="#d9381e" />
        </radialGradient>
      </defs>
      <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="12" cy="12" r="5" fill="url(#logo-ember)" />
    </svg>
  );
}

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2.5v1.8M10 15.7v1.8M2.5 10h1.8M15.7 10h1.8M4.7 4.7 6 6M14 14l1.3 1.3M4.7 15.3 6 14M14 6l1.3-1.3" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z" />
  </Icon>
);

export const RefreshIcon = () => (
  <Icon>
    <path d="M16 10a6 6 0 1 1-1.8-4.3L16 7.4M16 3.6v3.8h-3.8" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4.2l2.8 1.6" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon size={14}>
    <path d="m5 7.5 5 5 5-5" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon size={16}>
    <path d="M10 3.2 17.6 16H2.4L10 3.2ZM10 8.2v3.6M10 13.9v.1" />
  </Icon>
);

export const InfoIcon = () => (
  <Icon size={15}>
    <circle cx="10" cy="10" r="7.2" />
    <path d="M10 9.2v4M10 6.6v.1" />
  </Icon>
);

export const FlameIcon = () => (
  <Icon size={16}>
    <path d="M10 2.8c.6 3-3.8 4.9-3.8 9a3.9 3.9 0 0 0 7.8.2c0-2.2-1.2-3.4-1.7-4.9-.7.5-1.1 1.2-1.2 2C10.300 7.500 11 5 10 2.800Z" />
  </Icon>
);
