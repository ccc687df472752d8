import { addRunUsage, type RunUsage } from "./run-usage.ts";

const MB_PER_GB = 1_024;

/**
 * Counts what a function instance uses, until a write that happens anyway takes the counts along. So counting costs no request.
 * What an invocation uses after its last such write goes with the next one of the instance: the sum over runs is right but for
 * what an instance used last of all, and runs that are worked on together may carry for one another.
 */
export class UsageMeter {
  readonly #memoryMb: number;
  readonly #nowMs: () => number;
  #used: RunUsage = {};
  /** Since when an invocation runs of which no time is counted yet. */
  #sinceMs: number | undefined;

  /**
   * @param memoryMb memory of the function, MB
   * @param nowMs a clock that nobody moves, milliseconds
   */
  constructor(memoryMb: number, nowMs: () => number) {
    this.#memoryMb = memoryMb;
    this.#nowMs = nowMs;
  }

  count(used: RunUsage): void {
    this.#used = addRunUsage(this.#used, used);
  }

  /** An invocation begins. */
  begin(): void {
    this.#sinceMs = this.#nowMs();
    this.count({ used_calls: 1 });
  }

  /** It ends. */
  end(): void {
    this.#countTime();
    this.#sinceMs = undefined;
  }

  /**
   * Has a write take along what was used since the last one. What it does not write, because it fails or is refused, goes with the
   * next.
   */
  async during<Result>(
    write: (used: RunUsage) => Promise<Result>,
    isWritten: (result: Result) => boolean,
  ): Promise<Result> {
    const used = this.take();
    let isTaken = false;
    try {
      const result = await write(used);
      isTaken = isWritten(result);
      return result;
    } finally {
      if (!isTaken) this.giveBack(used);
    }
  }

  /** What was used since the last time. A caller that cannot write it gives it back. */
  take(): RunUsage {
    this.#countTime();
    const taken = this.#used;
    this.#used = {};
    return taken;
  }

  giveBack(used: RunUsage): void {
    this.count(used);
  }

  #countTime(): void {
    if (this.#sinceMs === undefined) return;
    const nowMs = this.#nowMs();
    // Rounded up to a whole GB-millisecond, as Lambda rounds time.
    const gb_ms = Math.ceil(((nowMs - this.#sinceMs) * this.#memoryMb) / MB_PER_GB);
    this.#sinceMs = nowMs;
    this.count({ used_gb_ms: gb_ms });
  }
}

/** The part of it that writes of runs use. */
export type TakenUsage = Pick<UsageMeter, "during" | "giveBack">;
