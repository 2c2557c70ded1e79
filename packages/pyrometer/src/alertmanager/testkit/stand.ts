/**
 * A whole Alertmanager on a virtual clock, with receivers that are lists: for tests of what is
 * sent when.
 */
import { createRegistry } from "@pyrometer/client";
import type { Source } from "../../std/index.ts";
import { assert, silentLogger, VirtualClock } from "../../std/index.ts";
import { createAlertmanager } from "../alertmanager.ts";
import { loadAlertmanagerConfig } from "../config/load.ts";
import { SendError } from "../send-error.ts";
import type { Alertmanager, BaseUrls, HttpReply, HttpRequest, HttpSender } from "../types.ts";

/** One request as a receiver saw it. */
export interface Arrival {
  /** Since the start. */
  readonly atMs: number;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a receiver does: a status, a whole reply, or nothing at all, ever. */
export type Answer = number | Partial<HttpReply> | "hang" | "refuse";

export interface Stand {
  readonly clock: VirtualClock;
  readonly alertmanager: Alertmanager;
  readonly arrivals: readonly Arrival[];
  /** Exposed metrics. */
  expose(): string;
  /** From now on the receiver at `url` does this; 200 unless told. */
  answer(url: string, answer: Answer): void;
  /** Moves to this time since the start. */
  at(timeMs: number): Promise<void>;
  /** Posts one alert. */
  fire(labels: Readonly<Record<string, string>>, rest?: FireOptions): void;
  apply(config: string): void;
}

export interface FireOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  /** Since the start. Left out: now, or the end when that is past. */
  readonly startsAtMs?: number;
  readonly endsAtMs?: number;
}

export interface StandOptions {
  readonly config: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly templates?: readonly Source[];
  readonly baseUrls?: BaseUrls;
}

/** 2026-01-01T00:00:00Z: far enough from zero that a forgotten offset shows. */
export const START_MS = Date.UTC(2026, 0, 1);

export function createStand({
  config,
  environment = {},
  templates = [],
  baseUrls,
}: StandOptions): Stand {
  const clock = new VirtualClock(START_MS);
  const registry = createRegistry();
  const arrivals: Arrival[] = [];
  const answers = new Map<string, Answer>();
  let idCount = 0;
  const alertmanager = createAlertmanager({
    clock,
    registry,
    logger: silentLogger,
    sender: createSender({ clock, arrivals, answers }),
    externalUrl: "http://am.example",
    random: () => 0.5,
    newId: () => `silence-${++idCount}`,
    baseUrls,
  });
  const apply = (text: string) => {
    const source = { name: "alertmanager.yml", text };
    const { value, errors } = loadAlertmanagerConfig(source, { environment });
    assert(value !== undefined, errors.map(({ message }) => message).join("\n"));
    alertmanager.apply(value, templates);
  };
  apply(config);
  return {
    clock,
    alertmanager,
    arrivals,
    apply,
    expose: () => registry.expose(),
    answer: (url, answer) => void answers.set(url, answer),
    at: (timeMs) => clock.advance(START_MS + timeMs - clock.nowMs()),
    fire(labels, { annotations = {}, startsAtMs, endsAtMs } = {}) {
      const nowMs = clock.nowMs() - START_MS;
      const starts = startsAtMs ?? Math.min(nowMs, endsAtMs ?? nowMs);
      const ends = endsAtMs === undefined ? undefined : START_MS + endsAtMs;
      const times = { startsAtMs: START_MS + starts, endsAtMs: ends };
      const problems = alertmanager.receive([{ labels, annotations, ...times }]);
      assert(problems.length === 0, problems.join("\n"));
    },
  };
}

interface SenderParts {
  readonly clock: VirtualClock;
  readonly arrivals: Arrival[];
  readonly answers: ReadonlyMap<string, Answer>;
}

function createSender({ clock, arrivals, answers }: SenderParts): HttpSender {
  return {
    async send({ url, body, headers, signal }: HttpRequest): Promise<HttpReply> {
      const answer = answers.get(url) ?? 200;
      if (answer === "refuse")
        throw new SendError("refused", "Cannot send: no reply (ECONNREFUSED)");
      arrivals.push({ atMs: clock.nowMs() - START_MS, url, headers, body: JSON.parse(body) });
      if (answer === "hang") return hang(signal);
      const reply = typeof answer === "number" ? { status: answer } : answer;
      return { status: 200, contentType: "", retryAfter: "", body: "", ...reply };
    },
    async close() {},
  };
}

function hang(signal: AbortSignal): Promise<HttpReply> {
  return new Promise((_, reject) => {
    const give = () => reject(new SendError("aborted", "Cannot send: called off"));
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
  });
}
