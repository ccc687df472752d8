/** How long an Idempotency-Key and the answer to it are remembered. */
export const KEY_REMEMBERED_SECONDS = 24 * 3_600;
