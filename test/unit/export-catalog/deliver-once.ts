import type { Delivery } from "../../../lambdas/export-catalog/delivery.ts";
import type { Deps } from "../../../lambdas/export-catalog/deps.ts";
import { createHandler } from "../../../lambdas/export-catalog/handler.ts";

/** What came of a message: it is done, or it comes back after so many seconds. */
export type Delivered = { readonly kind: "done" } | { readonly kind: "again"; readonly seconds: number | undefined };

/** Delivers a message as the event source would after so many deliveries of it and of those it stands for. */
export const deliverOnce = async (deps: Deps, delivery: Delivery): Promise<Delivered> => {
  const { message, receiveCount, remainingMs } = delivery;
  let seconds: number | undefined;
  const changeVisibility = async (_: string, after: number): Promise<void> => {
    seconds = after;
  };
  const own = receiveCount - (message.earlier_deliveries ?? 0);
  const record = {
    messageId: "m-1",
    receiptHandle: "r-1",
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: String(own) },
  };
  const handler = createHandler({
    ...deps,
    ownQueue: { changeVisibility, changeVisibilities: async () => {}, remove: async () => {} },
  });
  const answer = await handler({ Records: [record] }, { getRemainingTimeInMillis: () => remainingMs });
  return answer.batchItemFailures.length === 0 ? { kind: "done" } : { kind: "again", seconds };
};
