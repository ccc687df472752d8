import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { BaseEnv } from "../core/base-env.ts";
import type { Clock } from "../core/clock.ts";
import { followOffset } from "../core/clock-offset.ts";

/** A stack whose clock nobody ever moved has no file. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
};

/**
 * The clock of a function: the machine's own, ahead by what the stage's clock file says. Only stage local names one, so
 * that a person can let a day pass.
 */
export const createSystemClock = ({ CLOCK_FILE }: Pick<BaseEnv, "CLOCK_FILE">): Clock => {
  const aheadMs =
    CLOCK_FILE === ""
      ? () => 0
      : followOffset(
          () => textOf(CLOCK_FILE),
          () => performance.now(),
        );
  return {
    now: () => Date.now() + aheadMs(),
    sleep: async (ms) => {
      if (ms > 0) await sleep(ms);
    },
  };
};
