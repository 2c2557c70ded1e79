/** Throws when `condition` is false: we are wrong, not the user. Start `message` with "BUG: ". */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`BUG: unexpected value ${JSON.stringify(value)}`);
}
