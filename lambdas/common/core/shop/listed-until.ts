/**
 * How long after its making a product comes into lists, milliseconds. A product bears the time just before it is written; it
 * is written within two seconds or made anew with a later time, and the index knows it some milliseconds later. So whatever
 * is older than this is in every list, and no list ever grows behind its end.
 */
const SETTLE_MS = 5_000;

/** Attempts to write a product may take so long, milliseconds. */
export const MAX_WRITE_MS = 2_000;

/** Up to when lists are complete, ISO time, included. */
export const listedUntil = (nowMs: number): string => new Date(nowMs - SETTLE_MS).toISOString();

/** By how much clocks may differ, milliseconds: what the time to settle leaves beside a write. */
const CLOCKS_DIFFER_MS = SETTLE_MS - MAX_WRITE_MS;

/**
 * Whether a list that ends at `until`, ISO time, may have been begun by now, by an instance whose clock may be ahead of ours. What a
 * made-up end gives beyond ours is at least as old as the longest write.
 */
export const mayEndAt = (until: string, nowMs: number): boolean => until <= listedUntil(nowMs + CLOCKS_DIFFER_MS);
