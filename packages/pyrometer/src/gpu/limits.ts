/** GPUs that one simulator plays: two of the largest machines sold, times four. */
export const SIMULATED_GPUS_MAX = 64;

/** Steps of 0.1 s made up for when nobody looked for a while: two minutes, when all has settled. */
export const CATCH_UP_STEPS_MAX = 1200;

/** nvidia-smi prints about 300 bytes for each GPU; more than this is not a reading. */
export const NVIDIA_SMI_OUTPUT_BYTES_MAX = 1024 * 1024;

/** Fields given up one by one when an old nvidia-smi refuses them; then the reading fails. */
export const UNKNOWN_FIELDS_MAX = 32;

/** A snapshot is served for this many collection intervals after it was taken … */
export const STALE_AFTER_INTERVALS = 5;

/** … and at least this long, so that one slow answer of nvidia-smi makes no gap. */
export const STALE_AFTER_MS_MIN = 15_000;
