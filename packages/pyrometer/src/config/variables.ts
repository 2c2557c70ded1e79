/** What the environment offers; undefined when a name is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Expanded = { readonly text: string } | { readonly missing: readonly string[] };

/**
 * Replaces `${NAME}` and `$NAME` from the environment; `$$` is a dollar. For fields that hold
 * secrets and addresses only: elsewhere a dollar belongs to templates and regexes.
 *
 * Returns the names that are not set rather than an empty text that would be tried as a URL.
 */
export function expandVariables(text: string, environment: Environment): Expanded {
  const missing = new Set<string>();
  const expanded = text.replace(
    /\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, plain?: string) => {
      if (whole === "$$") return "$";
      const name = braced ?? plain ?? "";
      const value = environment[name];
      if (value === undefined || value === "") missing.add(name);
      return value ?? "";
    },
  );
  return missing.size > 0 ? { missing: [...missing] } : { text: expanded };
}
