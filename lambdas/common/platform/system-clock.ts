import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    if (ms > 0) await sleep(ms);
  },
};
