/** The time range and refresh of a dashboard: they live in the URL, so a link shows the same. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { durationTextMs, resolveTimeMs, type TimeRangeText } from "../model.ts";
import type { TimeRange } from "./requests.ts";

export interface TimeControl {
  readonly text: TimeRangeText;
  readonly range: TimeRange;
  /** A duration; "" is off. */
  readonly refresh: string;
  setRange(text: TimeRangeText): void;
  setRefresh(refresh: string): void;
  refreshNow(): void;
}

const HOUR_MS = 3_600_000;

/** @param defaults what the dashboard's file says, for a URL that says nothing */
export function useTimeControl(
  defaults: TimeRangeText & { readonly refresh: string },
): TimeControl {
  const [params, setParams] = useSearchParams();
  const [nowMs, setNowMs] = useState(Date.now);
  const from = params.get("from") ?? defaults.from;
  const to = params.get("to") ?? defaults.to;
  const refresh = params.get("refresh") ?? defaults.refresh;

  const refreshNow = useCallback(() => setNowMs(Date.now()), []);
  useTicker(durationTextMs(refresh), refreshNow);

  const range = useMemo(() => resolveRange({ from, to }, nowMs), [from, to, nowMs]);
  const change = (fields: Readonly<Record<string, string>>) => {
    setNowMs(Date.now());
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(fields)) next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return {
    text: { from, to },
    range,
    refresh,
    setRange: (text) => change({ from: text.from, to: text.to }),
    setRefresh: (value) => change({ refresh: value }),
    refreshNow,
  };
}

/** Never empty, never backwards: a range that makes no sense is the last hour. */
export function resolveRange({ from, to }: TimeRangeText, nowMs: number): TimeRange {
  const toMs = resolveTimeMs(to, nowMs) ?? nowMs;
  const fromMs = resolveTimeMs(from, nowMs) ?? toMs - HOUR_MS;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - HOUR_MS, toMs };
}

/** Ticks while the page is in front; once at once when it comes back to the front. */
function useTicker(everyMs: number | undefined, tick: () => void): void {
  useEffect(() => {
    if (!everyMs) return undefined;
    const run = () => document.hidden || tick();
    const timer = setInterval(run, Math.max(1000, everyMs));
    document.addEventListener("visibilitychange", run);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", run);
    };
  }, [everyMs, tick]);
}
