/** Of each digit's file. At some 3 bytes a pixel this is about 450 of its 1,000 images. */
export const DIGIT_FILE_PREFIX_BYTES = 1_050_000;

/** An image is 784 bytes; whoever sends more than this did not mean to send one. */
export const REQUEST_BYTES_MAX = 4096;

/** Images that wait for a GPU. Past this a request is refused at once: it would time out anyway. */
export const QUEUE_LENGTH_MAX = 256;

/** Images that go to a GPU together: what the pretended device memory has room for. */
export const BATCH_SIZE_MAX = 8;

/**
 * Requests that the load generator has under way. Under a fault the service falls behind, and an
 * open loop without a limit would fill memory instead of showing high latency. At 128 a service
 * that manages 126 a second, as with hot GPUs, answers in 1 s: well over the alert's threshold.
 */
export const REQUESTS_IN_FLIGHT_MAX = 128;

/** For an answer. Longer than any fault of the demo makes it, so that latency shows, not errors. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** For a worker to close its servers; then it is ended, and nothing is lost. */
export const WORKER_STOP_MS = 500;
