/** An HTTP API gives its integration 30 s; the function ends before, so that it can still answer. Seconds. */
export const HTTP_TIMEOUT_SECONDS = 29;
