import type { RunStore } from "../common/adapters/dynamodb/enrichment-status/run-store.ts";
import type { Clock } from "../common/core/clock.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import { MIN_CALL_MS, RECORD_MS } from "./time-left.ts";

/** Longest time between two reads of the runs before a call starts: with the time of a read, well under the 5 s promised. */
const RECHECK_EVERY_MS = 2_000;

/** Watches the runs of an invocation: says whether it may start another upstream call: time is left, and no run was paused or cancelled. */
export class RunWatch {
  readonly #deps: { runs: Pick<RunStore, "getRuns">; clock: Clock; remainingMs: () => number };
  #keys: readonly { catalog_id: string; tracking_id: string }[];
  #latest: ReadonlyMap<string, RunRow>;
  #checkedAtMs: number;
  #stopped = false;

  /** @param readAtMs when `runs` were read */
  constructor(
    deps: { runs: Pick<RunStore, "getRuns">; clock: Clock; remainingMs: () => number },
    runs: readonly RunRow[],
    readAtMs: number,
  ) {
    this.#deps = deps;
    this.#latest = new Map(runs.map((run) => [run.batch_id, run]));
    this.#keys = runs.map((run) => ({ catalog_id: run.catalog_id, tracking_id: run.batch_id }));
    this.#checkedAtMs = readAtMs;
  }

  /** The run as last seen. */
  latest(run: RunRow): RunRow {
    return this.#latest.get(run.batch_id) ?? run;
  }

  /** Watches further runs too, as they were just read. */
  add(runs: readonly RunRow[]): void {
    const added = runs.filter(({ batch_id }) => !this.#latest.has(batch_id));
    this.#latest = new Map([...this.#latest, ...added.map((run) => [run.batch_id, run] as const)]);
    this.#keys = [...this.#keys, ...added.map(({ catalog_id, batch_id }) => ({ catalog_id, tracking_id: batch_id }))];
  }

  async mayContinue(): Promise<boolean> {
    if (this.#stopped || this.#deps.remainingMs() < RECORD_MS + MIN_CALL_MS) return false;
    if (this.#deps.clock.now() - this.#checkedAtMs < RECHECK_EVERY_MS) return true;
    this.#checkedAtMs = this.#deps.clock.now();
    const runs = await this.#deps.runs.getRuns(this.#keys);
    this.#latest = new Map([...this.#latest, ...runs]);
    this.#stopped = this.#keys.some(({ tracking_id }) => {
      const state = runs.get(tracking_id)?.state;
      return state === undefined || state === "paused" || state === "cancelled";
    });
    return !this.#stopped;
  }
}
