/** A minute in milliseconds. */
export const MINUTE_MS = 60_000;
/** An hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** A day in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** Epoch seconds so many days after a moment, rounded up, as tables take the end of a row. */
export const secondsAfterDays = (epochMs: number, days: number): number => Math.ceil((epochMs + days * DAY_MS) / 1_000);
