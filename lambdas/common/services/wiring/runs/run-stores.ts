import { OutcomeRecorder } from "../../../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { FailureStore } from "../../../adapters/dynamodb/failures/failure-store.ts";
import type { Clients } from "../clients.ts";
import { buildRunRows, type RunRows, type RunRowsEnv } from "./run-rows.ts";

/** Environment that the stores of runs take. */
export interface RunStoresEnv extends RunRowsEnv {
  readonly FAILURES_TABLE_NAME: string;
}

/** What settles the products of a run. */
export interface RunStores extends RunRows {
  readonly recorder: OutcomeRecorder;
  readonly failures: FailureStore;
}

/** Builds the stores through which a run's batches are claimed and its products are settled. */
export const buildRunStores = (env: RunStoresEnv, { documents }: Pick<Clients, "documents">): RunStores => ({
  ...buildRunRows(env, { documents }),
  recorder: new OutcomeRecorder(documents, env.STATUS_TABLE_NAME),
  failures: new FailureStore(documents, env.FAILURES_TABLE_NAME),
});
