import { BatchRowStore } from "../../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { OutcomeRecorder } from "../../../adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RunStore } from "../../../adapters/dynamodb/enrichment-status/run-store.ts";
import { FailureStore } from "../../../adapters/dynamodb/failures/failure-store.ts";
import type { Clients } from "../clients.ts";

/** Environment that the stores of runs take. */
export interface RunStoresEnv {
  readonly STATUS_TABLE_NAME: string;
  readonly FAILURES_TABLE_NAME: string;
}

/** What settles the products of a run. */
export interface RunStores {
  readonly runs: RunStore;
  readonly batches: BatchRowStore;
  readonly recorder: OutcomeRecorder;
  readonly failures: FailureStore;
}

/** Builds the stores through which a run's batches are claimed and its products are settled. */
export const buildRunStores = (env: RunStoresEnv, { documents }: Pick<Clients, "documents">): RunStores => ({
  runs: new RunStore(documents, env.STATUS_TABLE_NAME),
  batches: new BatchRowStore(documents, env.STATUS_TABLE_NAME),
  recorder: new OutcomeRecorder(documents, env.STATUS_TABLE_NAME),
  failures: new FailureStore(documents, env.FAILURES_TABLE_NAME),
});
