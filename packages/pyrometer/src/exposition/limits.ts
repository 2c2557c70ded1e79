/** Faults that one check reports. A file in the wrong format has one on every line; nobody reads past these. */
export const ERRORS_PER_CHECK_MAX = 100;

/** Label names and values of one exemplar together, in code points: OpenMetrics 1.0's own limit. */
export const EXEMPLAR_CODE_POINTS_MAX = 128;
