import type { RunSwitch } from "../../adapters/dynamodb/enrichment-status/run-switch.ts";
import type { FailedSelection } from "../../core/batches/reschedule/reopen-batch.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { errorStack } from "../../core/error-words.ts";
import { ConflictError, TransientError } from "../../core/errors.ts";
import type { ListPosition } from "../../core/list-page.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { permitted, type RunAction } from "../../core/runs/run-transitions.ts";
import type { Log } from "../../platform/logger.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { type ReopenedReport, type ReopenFailedDeps, reopenFailed } from "./reopen-failed.ts";
import { REQUEST_BUDGET_MS } from "./request-budget.ts";
import { type ResendParkedDeps, resendParked } from "./resend-parked.ts";
import { type SettleCancelledDeps, settleCancelled } from "./settle-cancelled.ts";

/** Tries against others who change the run at the same moment. */
const TRIES = 4;
/** How long a cancel waits for a sender to finish; after that `reconcile` ends it. */
const SENDER_WAIT_MS = 3_000;
const RECHECK_EVERY_MS = 200;

export interface RunLifecycleDeps {
  readonly catalogs: ReopenFailedDeps["catalogs"];
  readonly runs: SettleCancelledDeps["runs"] & ReopenFailedDeps["runs"];
  readonly switch: Pick<RunSwitch, "pause" | "resume" | "cancel">;
  readonly batches: SettleCancelledDeps["batches"] & ResendParkedDeps["batches"];
  readonly recorder: SettleCancelledDeps["recorder"];
  readonly failures: SettleCancelledDeps["failures"] & ReopenFailedDeps["failures"];
  readonly batchQueue: ResendParkedDeps["batchQueue"];
  readonly dispatcher: Pick<Dispatcher, "topUp" | "finishClaim">;
  readonly queues: { readonly bulk: string; readonly express: string };
  readonly productsPerSecond: number;
  readonly clock: Clock;
  readonly log: Pick<Log, "error">;
}

/**
 * Pauses, resumes, cancels and retries runs. The switch on the run row decides, and every worker obeys it; what follows
 * (resending, settling) is done at once as far as it goes, and by `reconcile` where it could not be.
 */
export class RunLifecycle {
  readonly #deps: RunLifecycleDeps;

  constructor(deps: RunLifecycleDeps) {
    this.#deps = deps;
  }

  /**
   * @param requestId id of the request; what the same one did already is no conflict
   * @throws ConflictError when the run cannot be paused
   */
  pause(run: RunRow | undefined, requestId: string): Promise<RunRow> {
    return this.#apply("pause", run, requestId);
  }

  /**
   * Lets a run continue: what is parked is resent, as much as there is time for, and the window filled.
   * @param requestId id of the request; what the same one did already is no conflict
   * @throws ConflictError when it is not paused
   */
  async resume(run: RunRow | undefined, requestId: string): Promise<RunRow> {
    const untilMs = this.#deps.clock.now() + REQUEST_BUDGET_MS;
    const resumed = await this.#apply("resume", run, requestId);
    await this.#follow("resending the batches of a resumed run", resumed, async () => {
      await resendParked(this.#deps, resumed, untilMs);
      await this.#deps.dispatcher.topUp([resumed]);
    });
    return resumed;
  }

  /**
   * Cancels a run and settles what nobody works on, as much as there is time for; what is being worked on settles
   * within seconds.
   * @param requestId id of the request; what the same one did already is no conflict
   * @returns the run as far as it is settled
   * @throws ConflictError when it has ended or is cancelled already
   */
  async cancel(run: RunRow | undefined, requestId: string): Promise<RunRow> {
    const untilMs = this.#deps.clock.now() + REQUEST_BUDGET_MS;
    let cancelled = await this.#apply("cancel", run, requestId);
    await this.#follow("settling a cancelled run", cancelled, async () => {
      const sent = await this.#awaitSender(cancelled);
      if (sent.claim) await this.#deps.dispatcher.finishClaim(sent);
      cancelled = (await settleCancelled(this.#deps, sent, untilMs)) ?? sent;
    });
    return cancelled;
  }

  /** Cancels a run of a deleted catalog, unless it has ended by itself. */
  async stop(run: RunRow, requestId: string): Promise<void> {
    try {
      await this.cancel(run, requestId);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  /**
   * Reopens failed products.
   * @param start `next` of an earlier request with the same run and selection
   * @throws ConflictError when the run is cancelled
   */
  async retry(run: RunRow | undefined, selection: FailedSelection, start?: ListPosition): Promise<ReopenedReport> {
    return reopenFailed(this.#deps, permitted("retry", run), selection, start);
  }

  async #apply(action: Exclude<RunAction, "retry">, seen: RunRow | undefined, requestId: string): Promise<RunRow> {
    // The answer to it was lost, and the client repeats it.
    if (seen?.turned_by === requestId) return seen;
    let run = permitted(action, seen);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const changed = await this.#deps.switch[action](run, isoTime(this.#deps.clock.now()), requestId);
      if (changed) return changed;
      run = permitted(action, await this.#deps.runs.getRun(run.catalog_id, run.batch_id));
    }
    throw new TransientError(`the run changes too fast to ${action} it; try again`);
  }

  /** A sender that lives gives its claim back within moments. */
  async #awaitSender(run: RunRow): Promise<RunRow> {
    const { clock, runs } = this.#deps;
    let current = run;
    for (let waited = 0; waited < SENDER_WAIT_MS; waited += RECHECK_EVERY_MS) {
      if (!current.claim || current.claim.expires_at < isoTime(clock.now())) break;
      await clock.sleep(RECHECK_EVERY_MS);
      current = (await runs.getRun(run.catalog_id, run.batch_id)) ?? current;
    }
    return current;
  }

  /** The switch is set already, so what follows must not fail the request: others bring it to its end. */
  async #follow(doing: string, run: RunRow, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.log.error(`${doing} stopped half-way, reconcile continues`, {
        catalog_id: run.catalog_id,
        tracking_id: run.batch_id,
        error: errorStack(error),
      });
    }
  }
}
