/** Typed access to a call's evaluated arguments. The parser has checked their types. */
import { assert } from "../../std/index.ts";
import type { VectorColumns } from "../engine/column.ts";
import type { CallInput } from "./implementation.ts";

export function vectorArg({ args, call }: CallInput, index: number): VectorColumns {
  const value = args[index];
  assert(value?.kind === "vector", `BUG: argument ${index} of ${call.name} is no vector`);
  return value;
}

export function scalarArg({ args, call }: CallInput, index: number): Float64Array {
  const value = args[index];
  assert(value?.kind === "scalar", `BUG: argument ${index} of ${call.name} is no scalar`);
  return value.values;
}

export function textArg({ args, call }: CallInput, index: number): string {
  const value = args[index];
  assert(value?.kind === "string", `BUG: argument ${index} of ${call.name} is no string`);
  return value.text;
}
