import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Loops that take messages of a queue. */
export interface Loops {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Loops at the same time. */
  readonly workers: number;
  /** Messages after which they end. */
  readonly messages: number;
}

/** Receives ten messages at a time, works on them and deletes them, until enough are done. No function is around it. */
export const loopOver = async (
  { sqs, queueUrl, workers, messages }: Loops,
  work: (received: readonly Message[]) => Promise<void>,
): Promise<void> => {
  let done = 0;
  const loop = async (): Promise<void> => {
    while (done < messages) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) continue;
      await work(Messages);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      done += Messages.length;
    }
  };
  await Promise.all(Array.from({ length: workers }, loop));
};
