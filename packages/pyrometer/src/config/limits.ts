/** A configuration larger than this is a mistake, or data. Prometheus' largest in the wild are ~1 MiB. */
export const FILE_BYTES_MAX = 32 * 1024 * 1024;

/** Values in one file after aliases are followed: a small file of nested aliases can mean billions. */
export const NODES_PER_FILE_MAX = 250_000;
