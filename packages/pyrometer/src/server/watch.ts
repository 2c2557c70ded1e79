/**
 * Notices changed files by looking: `stat` once a second. fs.watch misses what matters most here,
 * files replaced by rename (editors) and by symlink (Kubernetes ConfigMaps).
 */
import { statSync } from "node:fs";
import type { Clock } from "../std/index.ts";
import { WATCH_INTERVAL_MS } from "./limits.ts";

export interface Watcher {
  /** From now on these count, as they are now. */
  watch(paths: () => readonly string[]): void;
  stop(): void;
}

/** Calls `onChange` when a watched file changes, appears or goes; never while it still runs. */
export function createWatcher(clock: Clock, onChange: () => Promise<void>): Watcher {
  let listPaths: () => readonly string[] = () => [];
  let seen = "";
  let isStopped = false;
  let cancel = clock.setTimer(WATCH_INTERVAL_MS, look);

  function look(): void {
    const now = fingerprint(listPaths());
    const isSame = now === seen;
    seen = now;
    const work = isSame ? Promise.resolve() : onChange();
    void work.finally(() => {
      if (!isStopped) cancel = clock.setTimer(WATCH_INTERVAL_MS, look);
    });
  }

  return {
    watch(paths) {
      listPaths = paths;
      seen = fingerprint(paths());
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

function fingerprint(paths: readonly string[]): string {
  return [...new Set(paths)].map((path) => `${path} ${stateOf(path)}`).join("\n");
}

function stateOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "absent";
  }
}
