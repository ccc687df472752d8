import { asins } from "../shared/bench-api.ts";
import { VirtualClock } from "../shared/virtual-clock.ts";
import { MadeUpUpstream } from "./made-up-upstream.ts";
import { Counts, LATENCY_MS } from "./memory/counts.ts";
import { MemoryDynamo } from "./memory/memory-dynamo.ts";
import { TABLES } from "./stage.ts";
import { type Tally, timesOf, type Usage } from "./usage.ts";

/** Products of which the rest are copies: all of them cost the same. */
const SAMPLE = 1_000;
const RESOURCES = [
  ...["itemInfo.title", "itemInfo.features", "itemInfo.byLineInfo", "itemInfo.classifications", "itemInfo.externalIds"],
  ...["itemInfo.manufactureInfo", "itemInfo.productInfo", "images.primary.large", "images.variants.large"],
  ...["offersV2.listings.price", "offersV2.listings.availability", "browseNodeInfo.browseNodes"],
];
/** Request, answer, and start of the line on it in the log of Lambda. */
const LOG_BYTES = 300;

const never = (): Error => new Error("a naive write has no condition");

const simulateSample = async (): Promise<Tally> => {
  const clock = new VirtualClock(0);
  const counts = new Counts();
  const dynamo = new MemoryDynamo(TABLES, {
    ...{ counts, clock },
    errors: { conditionFailed: never, transactionCancelled: never },
  });
  const upstream = new MadeUpUpstream(clock);
  const run = { catalog_id: "cat_naive", batch_id: "run" };
  let functionMs = 0;
  const enrich = async (asin: string): Promise<void> => {
    for (const request of ["SendMessage", "ReceiveMessage", "DeleteMessage"]) counts.add("sqs", request);
    const beganMs = clock.now();
    const own = { catalog_id: run.catalog_id, batch_id: `run#${asin}` };
    await dynamo.send("Put", { TableName: "status", Item: { ...own, asin, state: "pending" } });
    const body = JSON.stringify({ itemIds: [asin], partnerTag: "bench-20", resources: RESOURCES });
    const answer = (await (await upstream.fetch("https://upstream.example/getItems", { body })).json()) as {
      itemsResult: { items: object[] };
    };
    const item = { product_key: `www.amazon.com#${asin}`, refresh_bucket: 0, ...answer.itemsResult.items[0] };
    await dynamo.send("Put", { TableName: "products", Item: item });
    const done = { ":done": "enriched", ":one": 1 };
    await dynamo.send("Update", {
      ...{ TableName: "status", Key: own, UpdateExpression: "SET done = :done", ExpressionAttributeValues: done },
    });
    await dynamo.send("Update", {
      ...{ TableName: "status", Key: run, UpdateExpression: "ADD enriched :one", ExpressionAttributeValues: done },
    });
    functionMs += clock.now() - beganMs + LATENCY_MS.dynamodb;
  };
  let left = SAMPLE;
  const all = (async () => {
    for (const asin of asins(SAMPLE, 0)) {
      await enrich(asin);
      left -= 1;
    }
  })();
  await clock.run(() => left === 0, 60_000);
  await all;
  return {
    writeUnits: counts.writeUnits,
    readUnits: counts.readUnits,
    writes: Object.fromEntries(counts.writes),
    requests: Object.fromEntries(counts.requests),
    invocations: SAMPLE,
    functionSeconds: functionMs / 1_000,
    logBytes: LOG_BYTES * SAMPLE,
    calls: SAMPLE,
    seconds: 0,
  };
};

/**
 * What the same products cost without any of it: a message, an invocation and an upstream call for each product, the answer stored
 * as it came, a row for its state and a count on the run. No transaction, no archive, no batches. Nothing grows with the
 * catalog, so a sample stands for all sizes.
 */
export const naiveRuns = async (sizes: readonly number[]): Promise<Usage[]> => {
  const tally = await simulateSample();
  return sizes.map((products) => ({ products, leftOut: 0, drift: 0, ...timesOf(tally, products / SAMPLE) }));
};
