/** Parts of a UTC date, of values in Unix seconds. */
const MS = 1000;
const MS_PER_DAY = 86_400_000;

export function minuteOf(seconds: number): number {
  return at(seconds).getUTCMinutes();
}

export function hourOf(seconds: number): number {
  return at(seconds).getUTCHours();
}

/** 0 is Sunday. */
export function dayOfWeek(seconds: number): number {
  return at(seconds).getUTCDay();
}

export function dayOfMonth(seconds: number): number {
  return at(seconds).getUTCDate();
}

/** 1 is the first of January. */
export function dayOfYear(seconds: number): number {
  const date = at(seconds);
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;
}

export function daysInMonth(seconds: number): number {
  const date = at(seconds);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** 1 is January. */
export function monthOf(seconds: number): number {
  return at(seconds).getUTCMonth() + 1;
}

export function yearOf(seconds: number): number {
  return at(seconds).getUTCFullYear();
}

/** Cut to whole seconds towards zero, as Go converts. NaN stays NaN. */
function at(seconds: number): Date {
  return new Date(Math.trunc(seconds) * MS);
}
