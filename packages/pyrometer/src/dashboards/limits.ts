/** The largest dashboard in the wild is about 1 MiB; beyond this a file is a mistake, or an attack. */
export const FILE_CHARS_MAX = 8 * 1024 * 1024;

/** Real dashboards nest 12 deep. Deeper ones would overflow the stack of whoever walks them. */
export const DEPTH_MAX = 64;

/** The largest known has some 300. A page of thousands serves nobody and freezes a browser. */
export const PANELS_MAX = 1000;

/** Queries of one panel: each is a request of the browser's at every refresh. */
export const TARGETS_PER_PANEL_MAX = 100;

export const VARIABLES_MAX = 100;

/** Options that one variable may list in the file. */
export const OPTIONS_PER_VARIABLE_MAX = 2000;

/** Titles, descriptions and tags are one line on a page. */
export const LINE_CHARS_MAX = 2000;

/** A text panel, or a query, longer than this is data. */
export const TEXT_CHARS_MAX = 256 * 1024;

/** Overrides, mappings, thresholds, transformations and links of one panel, each. */
export const ITEMS_PER_PANEL_MAX = 200;
