/**
 * Silences, in memory: who asked for quiet about what, until when.
 *
 * History stays true: a silence that has begun is never rewritten into another. A change that
 * would do that ends it and makes a new one.
 * Source: alertmanager silence.Silences
 */
import type { Labels, Matcher, MatchOperator } from "../../model/index.ts";
import { isUtf8Name, RegexError } from "../../model/index.ts";
import type { Clock } from "../../std/index.ts";
import { SILENCE_RETENTION_MS, SILENCES_MAX } from "../limits.ts";
import { createAlertMatcher, matchesLabels } from "../matchers/matcher.ts";

export type SilenceState = "pending" | "active" | "expired";

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  /** false turns the condition around. */
  readonly isEqual: boolean;
}

export interface Silence {
  readonly id: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly state: SilenceState;
}

/** What a client posts: an `id` changes that silence, none makes a new one. */
export interface PostableSilence {
  readonly id?: string | undefined;
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly isRegex: boolean;
    readonly isEqual?: boolean | undefined;
  }[];
  /** Missing: now. */
  readonly startsAtMs?: number | undefined;
  readonly endsAtMs?: number | undefined;
  readonly createdBy: string;
  readonly comment: string;
}

export interface SilenceFilter {
  /** Each must be one of the silence's own matchers, or hold for the value of one. */
  readonly matchers?: readonly Matcher[] | undefined;
}

/** The silence cannot be had as asked; "not-found" is HTTP's 404, the rest 400. */
export class SilenceError extends Error {
  override readonly name = "SilenceError";
  readonly code: "not-found" | "invalid" | "too-many";

  constructor(code: SilenceError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The part of the store that the ranks above see. */
export interface Silences {
  /** Active first, then pending, then expired; the soonest to change first in each. */
  list(filter?: SilenceFilter): readonly Silence[];
  get(id: string): Silence | undefined;
  /**
   * Makes or changes a silence and returns its id, a new one when it could not be changed in place.
   *
   * @throws {SilenceError}
   */
  set(silence: PostableSilence): string;
  /**
   * Ends a silence now; an ended one stays as it is.
   *
   * @throws {SilenceError} "not-found"
   */
  expire(id: string): void;
}

interface Kept {
  readonly silence: Omit<Silence, "state">;
  readonly matchers: readonly Matcher[];
}

export class SilenceStore implements Silences {
  readonly #kept = new Map<string, Kept>();
  readonly #clock: Clock;
  readonly #newId: () => string;

  constructor({ clock, newId }: { readonly clock: Clock; readonly newId: () => string }) {
    this.#clock = clock;
    this.#newId = newId;
  }

  list(filter: SilenceFilter = {}): readonly Silence[] {
    const nowMs = this.#clock.nowMs();
    const wanted = [...this.#kept.values()].filter((kept) =>
      (filter.matchers ?? []).every((matcher) => isAbout(kept, matcher)),
    );
    return wanted.map((kept) => withState(kept, nowMs)).sort(compareSilences);
  }

  get(id: string): Silence | undefined {
    const kept = this.#kept.get(id);
    return kept && withState(kept, this.#clock.nowMs());
  }

  set(posted: PostableSilence): string {
    const nowMs = this.#clock.nowMs();
    const checked = check(posted, nowMs);
    const known = this.#find(posted.id);
    if (known && canChange(known, checked, nowMs)) {
      const silence = { ...checked.silence, id: known.silence.id, updatedAtMs: nowMs };
      this.#kept.set(silence.id, { ...checked, silence });
      return silence.id;
    }
    if (this.#kept.size >= SILENCES_MAX) {
      const problem = `Cannot add a silence: there are ${this.#kept.size}, at most ${SILENCES_MAX} are kept`;
      throw new SilenceError("too-many", problem);
    }
    if (known) this.expire(known.silence.id);
    const id = this.#newId();
    const startsAtMs = Math.max(checked.silence.startsAtMs, nowMs);
    const silence = { ...checked.silence, id, startsAtMs, updatedAtMs: nowMs };
    this.#kept.set(id, { ...checked, silence });
    return id;
  }

  expire(id: string): void {
    const kept = this.#find(id);
    if (kept === undefined) throw notFound(id);
    const nowMs = this.#clock.nowMs();
    const state = stateOf(kept, nowMs);
    if (state === "expired") return;
    const startsAtMs = state === "pending" ? nowMs : kept.silence.startsAtMs;
    const silence = { ...kept.silence, startsAtMs, endsAtMs: nowMs, updatedAtMs: nowMs };
    this.#kept.set(id, { ...kept, silence });
  }

  /** Ids of the active silences that hold `labels` back, in a stable order. */
  silencedBy(labels: Labels, nowMs: number): string[] {
    const ids: string[] = [];
    for (const kept of this.#kept.values()) {
      if (stateOf(kept, nowMs) !== "active") continue;
      if (matchesLabels(kept.matchers, labels)) ids.push(kept.silence.id);
    }
    return ids.sort();
  }

  countByState(): Record<SilenceState, number> {
    const nowMs = this.#clock.nowMs();
    const counts: Record<SilenceState, number> = { pending: 0, active: 0, expired: 0 };
    for (const kept of this.#kept.values()) counts[stateOf(kept, nowMs)] += 1;
    return counts;
  }

  /** Forgets silences that ended long ago. */
  collect(nowMs: number): void {
    for (const [id, { silence }] of this.#kept) {
      if (silence.endsAtMs + SILENCE_RETENTION_MS < nowMs) this.#kept.delete(id);
    }
  }

  #find(id: string | undefined): Kept | undefined {
    if (id === undefined || id === "") return undefined;
    const kept = this.#kept.get(id);
    if (kept === undefined) throw notFound(id);
    return kept;
  }
}

function notFound(id: string): SilenceError {
  return new SilenceError("not-found", `Cannot find silence "${id}": silence not found`);
}

function stateOf({ silence }: Kept, nowMs: number): SilenceState {
  if (nowMs < silence.startsAtMs) return "pending";
  return nowMs >= silence.endsAtMs ? "expired" : "active";
}

function withState(kept: Kept, nowMs: number): Silence {
  return { ...kept.silence, state: stateOf(kept, nowMs) };
}

const STATE_ORDER: readonly SilenceState[] = ["active", "pending", "expired"];

function compareSilences(a: Silence, b: Silence): number {
  const byState = STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state);
  if (byState !== 0) return byState;
  switch (a.state) {
    case "active":
      return a.endsAtMs - b.endsAtMs;
    case "pending":
      return a.startsAtMs - b.startsAtMs;
    case "expired":
      return b.endsAtMs - a.endsAtMs;
  }
}

/** As the API's filter: the silence has a matcher on that label whose own text passes. */
function isAbout({ silence }: Kept, { name, test }: Matcher): boolean {
  const own = silence.matchers.filter((matcher) => matcher.name === name);
  return own.length === 0 ? test("") : own.some((matcher) => test(matcher.value));
}

function canChange(known: Kept, wanted: Kept, nowMs: number): boolean {
  if (!isEqualMatchers(known.silence.matchers, wanted.silence.matchers)) return false;
  switch (stateOf(known, nowMs)) {
    case "active": {
      const toSeconds = (timeMs: number) => Math.floor(timeMs / 1000);
      const isSameStart =
        toSeconds(known.silence.startsAtMs) === toSeconds(wanted.silence.startsAtMs);
      return isSameStart && wanted.silence.endsAtMs >= nowMs;
    }
    case "pending":
      return wanted.silence.startsAtMs >= nowMs;
    case "expired":
      return false;
  }
}

function isEqualMatchers(a: readonly SilenceMatcher[], b: readonly SilenceMatcher[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function check(posted: PostableSilence, nowMs: number): Kept {
  const startsAtMs = posted.startsAtMs ?? nowMs;
  const { endsAtMs, createdBy, comment } = posted;
  if (createdBy === "") throw invalid("createdBy is missing, expected who asks for it");
  if (comment === "") throw invalid("comment is missing, expected why");
  if (endsAtMs === undefined) throw invalid("invalid zero end timestamp, expected when it ends");
  if (endsAtMs <= startsAtMs) throw invalid("start time must be before end time");
  if (endsAtMs < nowMs) throw invalid("end time can't be in the past");
  const matchers = posted.matchers.map(({ name, value, isRegex, isEqual }) => ({
    name,
    value,
    isRegex,
    isEqual: isEqual ?? true,
  }));
  const compiled = matchers.map(compile);
  if (compiled.every(({ test }) => test(""))) {
    throw invalid("at least one matcher must not match the empty string");
  }
  const silence = {
    id: "",
    matchers,
    startsAtMs,
    endsAtMs,
    updatedAtMs: nowMs,
    createdBy,
    comment,
  };
  return { silence, matchers: compiled };
}

function compile({ name, value, isRegex, isEqual }: SilenceMatcher): Matcher {
  if (!isUtf8Name(name)) throw invalid(`invalid label name "${name}"`);
  const operator: MatchOperator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
  try {
    return createAlertMatcher(name, operator, value);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw invalid(`invalid regular expression "${value}": ${error.message}`);
  }
}

function invalid(problem: string): SilenceError {
  return new SilenceError("invalid", `Cannot set the silence: ${problem}`);
}
