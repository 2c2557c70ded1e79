/**
 * Measures accuracy the honest way: images whose digit is known, held out of training, go through
 * the camera and the service as everyone's do, a few every two seconds.
 */
import type { Clock } from "../std/index.ts";
import { sleep } from "../std/index.ts";
import type { Camera } from "./camera.ts";
import type { Example } from "./digits.ts";
import type { Reply } from "./io/inference-client.ts";

const ROUND_MS = 2000;
const ROUND_IMAGES = 60;
/** So many at a time: a burst of sixty would be a load of its own. */
const CONCURRENCY = 6;
/** Accuracy over six rounds: one round alone would jump by three points for no reason. */
const WINDOW_IMAGES = 360;

export interface ValidationOptions {
  readonly clock: Clock;
  readonly camera: Camera;
  readonly images: readonly Example[];
  /** Gets the accuracy, 0 to 1, after each round; not before it is known. */
  readonly report: (accuracy: number) => void;
  readonly predict: (image: Uint8Array) => Promise<Reply>;
}

export interface Validation {
  stop(): void;
}

/** Reports after each round. An image that got no answer tells nothing and is left out. */
export function startValidation(options: ValidationOptions): Validation {
  const stopped = new AbortController();
  void repeatRounds(options, stopped.signal);
  return { stop: () => stopped.abort() };
}

async function repeatRounds(options: ValidationOptions, signal: AbortSignal): Promise<void> {
  const { clock, images, report } = options;
  let latest: boolean[] = [];
  for (let from = 0; !signal.aborted; from += ROUND_IMAGES) {
    const round = Array.from(
      { length: ROUND_IMAGES },
      (_, i) => images[(from + i) % images.length]!,
    );
    const startedMs = clock.nowMs();
    latest = [...latest, ...(await judge(round, options))].slice(-WINDOW_IMAGES);
    const rightCount = latest.filter(Boolean).length;
    if (latest.length > 0) report(rightCount / latest.length);
    await sleep(clock, Math.max(0, startedMs + ROUND_MS - clock.nowMs()), signal);
  }
}

/** Whether each image that was answered was read right. */
async function judge(
  round: readonly Example[],
  { camera, predict }: ValidationOptions,
): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (let from = 0; from < round.length; from += CONCURRENCY) {
    const replies = round.slice(from, from + CONCURRENCY).map(async ({ pixels, digit }) => {
      const reply = await predict(camera.capture(pixels));
      if (reply.kind === "predicted") answers.push(reply.digit === digit);
    });
    await Promise.all(replies);
  }
  return answers;
}
