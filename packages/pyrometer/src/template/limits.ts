/** What one execution may cost. A template is a user's program; these end the ones that run away. */
export interface TemplateLimits {
  /** Nodes walked and calls made. The largest real notification template takes about 3,000. */
  readonly steps: number;
  /** UTF-16 code units of output. E-mail bodies in the wild stay below 200 KiB. */
  readonly outputLength: number;
  /** Templates calling templates. Far below where the JavaScript stack would end. */
  readonly depth: number;
  /** Rounds of all ranges together: a range over an integer needs no data to be huge. */
  readonly rangeRounds: number;
}

export const DEFAULT_LIMITS: TemplateLimits = {
  steps: 1_000_000,
  outputLength: 4 * 1024 * 1024,
  depth: 200,
  rangeRounds: 200_000,
};

/** Parsed texts a set remembers: more than the templated fields of any one configuration. */
export const PARSED_TEXTS_MAX = 1_000;

/** Nested parentheses and blocks; beyond this a text is generated, or hostile. */
export const NESTING_MAX = 200;

/** Widths and precisions in printf: Go refuses larger ones, and so memory is not a user's to take. */
export const PRINTF_WIDTH_MAX = 1_000_000;
