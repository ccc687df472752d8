import { BatchRowStore } from "../../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { RunStore } from "../../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { Clients } from "../clients.ts";

/** Environment that the rows of runs take. */
export interface RunRowsEnv {
  readonly STATUS_TABLE_NAME: string;
}

/** Rows of runs and of their batches. */
export interface RunRows {
  readonly runs: RunStore;
  readonly batches: BatchRowStore;
}

/** Builds the stores of the rows of runs and of their batches. */
export const buildRunRows = (env: RunRowsEnv, { documents }: Pick<Clients, "documents">): RunRows => ({
  runs: new RunStore(documents, env.STATUS_TABLE_NAME),
  batches: new BatchRowStore(documents, env.STATUS_TABLE_NAME),
});
