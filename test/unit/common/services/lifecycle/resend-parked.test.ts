import { describe, expect, it } from "vitest";
import type { BatchQueueName, BatchRow } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import { resendParked } from "../../../../../lambdas/common/services/lifecycle/resend-parked.ts";
import { aBatch, aRun, NOON } from "../../../../helpers/rows.ts";

const parkedBatch = (number: number, queue?: BatchQueueName): BatchRow =>
  aBatch({ number, batch_id: `enrich_cat_1_1#000000${number}`, ...(queue === undefined ? {} : { queue }) });

/** The last figures of the batch ids that were sent, by queue. */
const resend = async (rows: readonly BatchRow[], express: boolean): Promise<Record<string, string[]>> => {
  const sent: Record<string, string[]> = {};
  const resent = await resendParked(
    {
      batches: {
        listUnsettled: async () => rows.map(({ batch_id }) => batch_id),
        getMany: async (_catalog, ids) => rows.filter(({ batch_id }) => ids.includes(batch_id)),
        replace: async () => true,
      },
      batchQueue: {
        send: async (queue, messages) => {
          sent[queue] = [...(sent[queue] ?? []), ...messages.map(({ message }) => message.batch_id.slice(-1))];
        },
      },
      queues: { bulk: "bulk-queue", express: "express-queue" },
      productsPerSecond: 1_000,
      clock: { now: () => NOON, sleep: async () => undefined },
    },
    aRun({ express }),
    NOON + 60_000,
  );
  expect(resent).toBe(rows.length);
  return sent;
};

describe("a resumed run", () => {
  it("sends each batch by the queue that it came from", async () => {
    const rows = [parkedBatch(1, "express"), parkedBatch(2, "express"), parkedBatch(3, "bulk"), parkedBatch(4, "bulk")];
    expect(await resend(rows, true)).toEqual({ "express-queue": ["1", "2"], "bulk-queue": ["3", "4"] });
  });

  it.each([
    [true, "express-queue"],
    [false, "bulk-queue"],
  ])("with batches of older versions sends them by its own queue (express: %s)", async (express, queue) => {
    expect(await resend([parkedBatch(1), parkedBatch(2)], express)).toEqual({ [queue]: ["1", "2"] });
  });
});
