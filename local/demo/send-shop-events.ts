import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientConfig } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import type { Outputs } from "../outputs.ts";
import type { DemoEvent } from "./shop-events.ts";

/**
 * Sends events to the queues of the shop line, one after the other in their order.
 * @throws LocalError when the local stack has no shop line
 */
export const sendShopEvents = async (
  { emulatorUrl, queues }: Pick<Outputs, "emulatorUrl" | "queues">,
  events: readonly DemoEvent[],
  signal: AbortSignal,
): Promise<void> => {
  const sqs = new SQSClient(clientConfig(emulatorUrl));
  try {
    for (const { queue: name, body } of events) {
      const queue = queues[name];
      if (!queue) throw new LocalError(`the local stack has no queue ${name}: is shop_line off in cdk.json?`);
      const message = new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(body) });
      await sqs.send(message, { abortSignal: signal });
    }
  } finally {
    sqs.destroy();
  }
};
