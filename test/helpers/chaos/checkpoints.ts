import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { Upstream } from "../e2e/upstream.ts";
import type { Ledger } from "./ledger.ts";
import type { RunWatcher } from "./run-watcher.ts";
import { unexplained } from "./unexplained.ts";

export interface CheckpointDeps {
  readonly watcher: RunWatcher;
  readonly ledger: Ledger;
  readonly upstream: Upstream;
  /** Limit of the upstream. */
  readonly callsPerSecond: number;
}

/** Checks, after each trouble, whether all that must hold has held so far, and keeps what it saw. */
export class Checkpoints {
  readonly #deps: CheckpointDeps;
  readonly #sequences = new Map<string, number>();
  #faultsSeen = 0;
  #checksSeen = 0;
  /** What each was after, in order. */
  readonly passed: string[] = [];
  readonly faults: string[] = [];
  /** Looks at open runs that were seen for the first time, and whose rows said who has each product. */
  explainedNew = 0;
  /** Looks at open runs that had not moved since the last time, and whose rows said why. */
  explainedStill = 0;

  constructor(deps: CheckpointDeps) {
    this.#deps = deps;
  }

  /** @param what the trouble that has just struck, for the faults */
  async after(what: string): Promise<void> {
    const { watcher } = this.#deps;
    await watcher.check();
    const wrong = [...watcher.faults.slice(this.#faultsSeen)];
    if (watcher.checks === this.#checksSeen) wrong.push("no run had been checked");
    this.#faultsSeen = watcher.faults.length;
    this.#checksSeen = watcher.checks;
    wrong.push(...(await this.#upstreamFaults()));
    const asked: { run: RunRow; isNew: boolean }[] = [];
    for (const run of watcher.latest.filter(({ open_shard }) => open_shard !== undefined)) {
      const before = this.#sequences.get(run.batch_id);
      this.#sequences.set(run.batch_id, run.sequence);
      if (before === undefined || before === run.sequence) asked.push({ run, isNew: before === undefined });
    }
    wrong.push(...(await Promise.all(asked.map(({ run, isNew }) => this.#stillFaults(run, isNew)))).flat());
    this.faults.push(...wrong.map((fault) => `after ${what}: ${fault}`));
    this.passed.push(what);
  }

  /** The simulator counts over any 1,000 ms since it began, refused calls too. */
  async #upstreamFaults(): Promise<string[]> {
    const { max_calls_in_any_second: most, by_status } = await this.#deps.upstream.calls();
    const { callsPerSecond } = this.#deps;
    return [
      ...(most > callsPerSecond ? [`${most} calls came in one second, ${callsPerSecond} are allowed`] : []),
      ...(by_status["429"] === undefined ? [] : [`the upstream refused ${by_status["429"]} calls`]),
    ];
  }

  async #stillFaults(run: RunRow, isNew: boolean): Promise<string[]> {
    const accounts = await this.#deps.ledger.accounts(run.catalog_id);
    const account = accounts.find((one) => one.run.batch_id === run.batch_id);
    if (!account) return [`the run ${run.batch_id} is gone`];
    const wrong = unexplained(account, Date.now());
    if (wrong.length === 0 && isNew) this.explainedNew += 1;
    // One that moved while it was looked at did not stand still.
    if (wrong.length === 0 && !isNew && account.run.sequence === run.sequence) this.explainedStill += 1;
    return wrong.map((fault) => `${run.batch_id} (${account.run.state}): ${fault}`);
  }
}
