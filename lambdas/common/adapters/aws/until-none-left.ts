import { setTimeout as pause } from "node:timers/promises";
import { TransientError } from "../../core/errors.ts";
import { varied } from "../../platform/varied-wait.ts";

/** How often, and how patiently, what a call left is asked for again. */
export interface Patience {
  /** Calls in all, the first included. */
  readonly calls: number;
  /** Doubles with each further call; half of it varies. */
  readonly firstWaitMs: number;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

/**
 * Makes a call for many things, and again for those that it left, as a batch call of AWS may leave any of them.
 * @param call makes it for what is open @returns what it left
 * @param tooMany words for the error, when something is left after the last call
 * @throws TransientError then, and what `call` throws
 */
export const untilNoneLeft = async <One>(
  all: readonly One[],
  call: (open: readonly One[]) => Promise<readonly One[]>,
  { calls, firstWaitMs, sleep = pause }: Patience,
  tooMany: (left: number) => string,
): Promise<void> => {
  let open = all;
  for (let made = 0; open.length > 0; made += 1) {
    if (made === calls) throw new TransientError(tooMany(open.length));
    if (made > 0) await sleep(varied(firstWaitMs * 2 ** (made - 1)));
    open = await call(open);
  }
};
