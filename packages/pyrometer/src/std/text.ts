/**
 * Orders two texts by their UTF-8 bytes, as Go and so Prometheus do. `<` compares UTF-16 units,
 * which puts U+E000–U+FFFF after the astral planes; moving surrogates up undoes that.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Cuts to at most `lengthMax` characters, marking the cut, for messages that quote a user. */
export function ellipsis(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
