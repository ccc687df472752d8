import { USE_PRICES } from "../cost/list-prices.ts";

/** Requests that a run makes, counted from the code's own path through the main line. */
const COUNTED = {
  /** Catalog, run, dispatch claim, completion; rows, products, index and rejects as objects. */
  run: { writeUnits: 12, objectPuts: 4 },
  /** About 4 KB a row: created, claimed, then recorded in a transaction, which costs double; index entries besides. */
  batch: { writeUnits: 4 + 4 + 8 + 3 },
  /** Ten batches share one send, one receive, one delete, one invocation and one run row in the transaction. */
  tenBatches: { queueRequests: 3, invocations: 1, writeUnits: 4 },
  /** One slot of the limiter, its report, and the raw answer as an object. */
  call: { writeUnits: 2, objectPuts: 1 },
  /** About 3 KB with its entry in the refresh index. */
  fetched: { writeUnits: 4 },
  /** Half a read unit: a product is under 4 KB and the read need not be consistent. */
  product: { readUnits: 0.5 },
} as const;

/** Two workers of 512 MB are awake while a run waits for its slots. */
const GIGABYTES_RUNNING = 2 * 0.5;

/** What a run will ask for. */
export interface RunRequests {
  /** Products of the run. */
  readonly products: number;
  /** Of these, those that are still fresh and cost no call. */
  readonly fresh: number;
  readonly calls: number;
  readonly batches: number;
  /** Seconds in which calls are made; waiting for a new day is not paid for. */
  readonly busySeconds: number;
}

/**
 * Infrastructure cost of a run in US dollars as decimal text with six places, from counted requests and list prices.
 * Upstream fees, such as a Keepa subscription, are not in it.
 */
export const runCostUsd = (run: RunRequests): string => {
  const tens = Math.ceil(run.batches / 10);
  const writeUnits =
    COUNTED.run.writeUnits +
    run.batches * COUNTED.batch.writeUnits +
    tens * COUNTED.tenBatches.writeUnits +
    run.calls * COUNTED.call.writeUnits +
    (run.products - run.fresh) * COUNTED.fetched.writeUnits;
  const nano =
    writeUnits * USE_PRICES.writeUnit +
    run.products * COUNTED.product.readUnits * USE_PRICES.readUnit +
    (COUNTED.run.objectPuts + run.calls * COUNTED.call.objectPuts) * USE_PRICES.objectWrite +
    tens * COUNTED.tenBatches.queueRequests * USE_PRICES.queueRequest +
    tens * COUNTED.tenBatches.invocations * USE_PRICES.invocation +
    run.busySeconds * GIGABYTES_RUNNING * USE_PRICES.gigabyteSecond;
  const micro = Math.ceil(nano / 1000)
    .toString()
    .padStart(7, "0");
  return `${micro.slice(0, -6)}.${micro.slice(-6)}`;
};
