import { errorStack } from "../common/core/error-words.ts";
import { EnrichlineError } from "../common/core/errors.ts";
import { METRICS } from "../common/core/metric-names.ts";
import type { Deps } from "./deps.ts";

/** Faults of a store one after the other at which a step ends: what is away answers nobody, and time is short. */
const MAX_IN_A_ROW = 5;

type Fields = Readonly<Record<string, unknown>>;

/** Whether the same may go well in a later pass. */
export const mayPass = (error: unknown): boolean => error instanceof EnrichlineError && error.retryable;

/**
 * Keeps the parts of a pass from stopping each other: what fails is logged with its ids, counted, and reported at the end.
 * What will fail in every pass counts as stuck work, which rings; a fault of a store may be over in the next.
 */
export class Faults {
  readonly #deps: Pick<Deps, "log" | "meter">;
  #count = 0;
  #first: unknown;

  constructor(deps: Pick<Deps, "log" | "meter">) {
    this.#deps = deps;
  }

  /** Remembers a fault. @param what a sentence that says whose */
  note(what: string, fields: Fields, error: unknown): void {
    if (this.#count === 0) this.#first = error;
    this.#count += 1;
    this.#deps.meter.count(mayPass(error) ? METRICS.RECORD_FAILED : METRICS.STUCK_WORK, 1);
    this.#deps.log.error(what, { ...fields, error: errorStack(error) });
  }

  /** Does one step. The steps after it run even when it fails. */
  async step(what: string, fields: Fields, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.note(what, fields, error);
    }
  }

  /** Does `work` for one item after the other, whatever became of those before. @param fieldsOf what names an item in the log */
  async each<Item>(
    what: string,
    items: readonly Item[],
    fieldsOf: (item: Item) => Fields,
    work: (item: Item) => Promise<void>,
  ): Promise<void> {
    let inARow = 0;
    for (const item of items) {
      try {
        await work(item);
        inARow = 0;
      } catch (error) {
        this.note(what, fieldsOf(item), error);
        inARow = mayPass(error) ? inARow + 1 : 0;
        if (inARow === MAX_IN_A_ROW) return;
      }
    }
  }

  /** @throws Error when anything failed, so that the invocation counts as failed too */
  report(): void {
    if (this.#count === 0) return;
    throw new Error(`${this.#count} parts of this pass failed and the others are done; the log names each`, {
      cause: this.#first,
    });
  }
}
