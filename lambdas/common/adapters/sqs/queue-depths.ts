import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { withSdkErrors } from "../aws/sdk-errors.ts";

const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
] as const;

/** How much lies in queues. */
export class QueueDepths<Queue extends string> {
  readonly #client: SQSClient;
  readonly #urls: Readonly<Record<Queue, string>>;

  /** @param urls addresses of the queues by their names */
  constructor(client: SQSClient, urls: Readonly<Record<Queue, string>>) {
    this.#client = client;
    this.#urls = urls;
  }

  /** Messages in a queue that wait, are delayed or are in flight; approximate, as all counts of SQS. */
  async read(queue: Queue): Promise<number> {
    const { Attributes = {} } = await withSdkErrors("reading the depth of a queue", () =>
      this.#client.send(new GetQueueAttributesCommand({ QueueUrl: this.#urls[queue], AttributeNames: [...COUNTS] })),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}
