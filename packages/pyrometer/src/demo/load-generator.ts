/**
 * Customers. An open loop: they come when they come, however slow the service is, which is what
 * makes an overload hurt. A closed loop would slow down with it and hide the fault.
 */
import type { Registry } from "@pyrometer/client";
import type { CancelTimer, Clock, Prng } from "../std/index.ts";
import { MS_PER_SECOND } from "../std/index.ts";
import type { Camera } from "./camera.ts";
import type { Example } from "./digits.ts";
import type { Reply } from "./io/inference-client.ts";
import { REQUESTS_IN_FLIGHT_MAX } from "./limits.ts";

/** A day of traffic in a minute and a half, and a shorter wave on it, as parts of the mean. */
const DAY = { periodMs: 90_000, ratio: 0.12 } as const;
const WAVE = { periodMs: 17_000, ratio: 0.05 } as const;

/** Uploads that break off, as some always do: one in five hundred; one in four under the fault. */
const TRUNCATED_RATIO = { usual: 0.002, faulty: 0.25 } as const;

export interface LoadGeneratorOptions {
  readonly clock: Clock;
  readonly prng: Prng;
  readonly camera: Camera;
  readonly images: readonly Example[];
  /** Requests a second, on average. */
  readonly meanRate: number;
  readonly registry: Registry;
  readonly predict: (image: Uint8Array) => Promise<Reply>;
}

export interface LoadGenerator {
  /** Uploads break off: the service gets half an image. */
  setBroken(isBroken: boolean): void;
  stop(): void;
}

export function startLoadGenerator(options: LoadGeneratorOptions): LoadGenerator {
  const { clock, prng, camera, images, meanRate } = options;
  const requests = options.registry.counter({
    name: "demo_client_requests_total",
    help: "Requests as customers saw them; dropped ones were never sent, too many were open.",
    labelNames: ["outcome"],
  });
  let isBroken = false;
  let inFlightCount = 0;
  let cancelNext: CancelTimer | undefined;

  async function send(): Promise<void> {
    if (inFlightCount >= REQUESTS_IN_FLIGHT_MAX)
      return requests.labels({ outcome: "dropped" }).inc();
    const image = camera.capture(prng.pick(images).pixels);
    const isTruncated = prng.next() < (isBroken ? TRUNCATED_RATIO.faulty : TRUNCATED_RATIO.usual);
    inFlightCount += 1;
    const reply = await options.predict(isTruncated ? image.subarray(0, image.length / 2) : image);
    inFlightCount -= 1;
    requests.labels({ outcome: reply.kind }).inc();
  }

  /** Exponential gaps: customers do not know of each other. */
  function scheduleNext(dueMs: number): void {
    const rate = meanRate * rateFactor(dueMs);
    const nextMs = dueMs - (Math.log(1 - prng.next()) / rate) * MS_PER_SECOND;
    // From when this one was due, not from now: a late timer must not make traffic thinner.
    cancelNext = clock.setTimer(Math.max(0, Math.round(nextMs - clock.nowMs())), () => {
      void send();
      scheduleNext(Math.max(nextMs, clock.nowMs() - MS_PER_SECOND));
    });
  }
  scheduleNext(clock.nowMs());

  return {
    setBroken(value) {
      isBroken = value;
    },
    stop: () => cancelNext?.(),
  };
}

function rateFactor(timeMs: number): number {
  const wave = ({ periodMs, ratio }: { periodMs: number; ratio: number }) =>
    ratio * Math.sin((2 * Math.PI * timeMs) / periodMs);
  return 1 + wave(DAY) + wave(WAVE);
}
