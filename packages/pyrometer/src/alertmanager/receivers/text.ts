/** Cuts to `lengthMax` characters (code points, as the services count), marking the cut. */
export function truncate(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const chars = [...text];
  if (chars.length <= lengthMax) return text;
  return `${chars.slice(0, lengthMax - 1).join("")}…`;
}

/** An object without its empty texts, as the services like their JSON. */
export function withoutEmpty<T extends Readonly<Record<string, unknown>>>(fields: T): Partial<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== "" && value !== undefined);
  return Object.fromEntries(kept) as Partial<T>;
}
