/** How many columns show `count` equal boxes largest, in a room of this size. */
export function bestColumns(
  count: number,
  room: { readonly width: number; readonly height: number },
  /** Width over height at which a box's content just fits. */
  aspect: number,
): number {
  let best = { columns: 1, size: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(room.width / columns, (room.height / rows) * aspect);
    if (size > best.size * 1.001) best = { columns, size };
  }
  return best.columns;
}
