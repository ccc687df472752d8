import { aBatch, anItem, asinNumber, NOON } from "../../helpers/rows.ts";

/** An invocation that has a minute left. */
export const context = { getRemainingTimeInMillis: () => 60_000 };
/** Ids of the messages that an answer sends back. */
export const ids = (answer: { batchItemFailures: { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map((failure) => failure.itemIdentifier);
/** The second batch of the run, with two products. */
export const second = aBatch({
  batch_id: "enrich_cat_1_1#0000002",
  number: 2,
  items: [4, 5].map((n) => anItem({ asin: asinNumber(n) })),
});
/** The time `ms` after noon. */
export const iso = (ms: number) => new Date(NOON + ms).toISOString();
