import { isoTime } from "../clock.ts";

/** A moment as people read it, to the minute and never early: `12:05 UTC on 2026-08-01`. */
export const plainTime = (epochMs: number): string => {
  const text = isoTime(Math.ceil(epochMs / 60_000) * 60_000);
  return `${text.slice(11, 16)} UTC on ${text.slice(0, 10)}`;
};
