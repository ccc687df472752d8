/** Calls with one key: ten a second, and as many at once as ten seconds have. */
export const KEY_LIMIT = { calls: 100, windowMs: 10_000 } as const;

/** Fetches of one feed: spreadsheets ask once an hour for each sheet, and all of them through a few machines. */
export const FEED_LIMIT = { calls: 30, windowMs: 60_000 } as const;
