import { setTimeout as delay } from "node:timers/promises";
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Messages of one call of SQS. */
const MESSAGES_PER_CALL = 10;
/** Calls under way at once. */
const CALLS_AT_ONCE = 8;

/** A message and the queue that it goes to. */
export interface Outgoing {
  readonly queueUrl: string;
  readonly body: string;
}

/**
 * Sends messages, each queue's in their order.
 * @param perSecond messages; absent: as fast as the queues take them
 * @throws Error when one is refused
 */
export const sendAll = async (sqs: SQSClient, messages: readonly Outgoing[], perSecond?: number): Promise<void> => {
  const calls: { queueUrl: string; bodies: string[] }[] = [];
  for (const { queueUrl, body } of messages) {
    const open = calls.findLast((call) => call.queueUrl === queueUrl);
    if (open && open.bodies.length < MESSAGES_PER_CALL) open.bodies.push(body);
    else calls.push({ queueUrl, bodies: [body] });
  }
  const began = performance.now();
  let sent = 0;
  const sender = async (): Promise<void> => {
    for (let call = calls.shift(); call; call = calls.shift()) {
      const dueMs = perSecond === undefined ? 0 : (1_000 * sent) / perSecond;
      // Before the wait: other senders go on from there.
      sent += call.bodies.length;
      await delay(Math.max(0, began + dueMs - performance.now()));
      const Entries = call.bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: call.queueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} messages: ${Failed[0]?.Message}`);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, sender));
};
