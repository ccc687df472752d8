import { ConfigError } from "./errors.ts";

/** How old a known offset may be, milliseconds: short beside every time limit, long beside one reading of a small file. */
const RECHECK_MS = 200;

/** Furthest that a clock can run ahead: 400 days, as the simulators' own switch allows. */
export const MAX_OFFSET_MS = 400 * 86_400_000;

/**
 * The milliseconds by which a clock runs ahead, as a clock file has them; an empty text is no offset.
 * @throws ConfigError when it is anything but a whole number from 0 to MAX_OFFSET_MS
 */
export const parseOffset = (text: string): number => {
  const offset = Number(text.trim());
  if (Number.isInteger(offset) && offset >= 0 && offset <= MAX_OFFSET_MS) return offset;
  throw new ConfigError(`a clock file holds ${JSON.stringify(text.slice(0, 40))}, not a number of milliseconds`);
};

/**
 * Follows an offset that somebody else writes down. It never falls, so that time never runs backwards.
 * @param read gives the text of the clock file, "" when there is none
 * @param steadyNow milliseconds on a clock that never jumps
 * @returns gives the milliseconds by which to run ahead now
 */
export const followOffset = (read: () => string, steadyNow: () => number): (() => number) => {
  let offset = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = steadyNow();
    if (now - readAt >= RECHECK_MS) {
      offset = Math.max(offset, parseOffset(read()));
      readAt = now;
    }
    return offset;
  };
};
