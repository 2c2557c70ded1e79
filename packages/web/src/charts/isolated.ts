/**
 * The points that a line would not show, because both neighbours are gaps. A series that has just
 * begun has one point at a wide range: without this its panel looks empty.
 */
export function isolatedIndices(
  values: ArrayLike<number | null | undefined>,
  first: number,
  last: number,
): number[] {
  const isGap = (index: number) => values[index] === null || values[index] === undefined;
  const found: number[] = [];
  for (let index = first; index <= last; index++) {
    if (!isGap(index) && isGap(index - 1) && isGap(index + 1)) found.push(index);
  }
  return found;
}
