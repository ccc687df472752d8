/** Calls with one key: ten a second, and as many at once as ten seconds have. */
export const KEY_LIMIT = { calls: 100, windowMs: 10_000 } as const;
