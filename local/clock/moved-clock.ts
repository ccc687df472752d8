import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { MAX_OFFSET_MS, parseOffset } from "../../lambdas/common/core/clock-offset.ts";
import { LocalError } from "../local-error.ts";

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds by which the clock of a local stack runs ahead of the machine's; 0 while nobody has moved it. */
export const readAheadMs = (clockFile: string): number =>
  existsSync(clockFile) ? parseOffset(readFileSync(clockFile, "utf8")) : 0;

const parseStep = (text: string): number => {
  const [, number, unit] = /^\+(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) {
    throw new LocalError(`"${text}" is no step forward: write +25h, +90m, +30s or +2d. The clock is never moved back.`);
  }
  return Math.round(Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS]);
};

/**
 * Moves the clock of a local stack forward; functions and simulators follow within a fraction of a second.
 * @param step such as `+25h`: s, m, h or d
 * @throws LocalError when it is no step forward, or leads too far
 */
export const moveClock = (clockFile: string, step: string): void => {
  const aheadMs = readAheadMs(clockFile) + parseStep(step);
  if (aheadMs > MAX_OFFSET_MS) {
    throw new LocalError(`the clock can run ${MAX_OFFSET_MS / UNIT_MS.d} days ahead at most; start the stack anew`);
  }
  // Written aside and moved, so that a reader never sees half a number.
  writeFileSync(`${clockFile}.part`, String(aheadMs));
  renameSync(`${clockFile}.part`, clockFile);
};
