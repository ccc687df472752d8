import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { QueueDepths } from "../../../../../lambdas/common/adapters/sqs/queue-depths.ts";

const sqs = mockClient(SQSClient);
const depths = new QueueDepths(sqs as unknown as SQSClient, {
  enrich: "https://sqs/enrich",
  ingest: "https://sqs/ingest",
});

it("adds what waits, is delayed and is in flight in the queue of that name", async () => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand, { QueueUrl: "https://sqs/enrich" }).resolves({
    Attributes: {
      ApproximateNumberOfMessages: "3",
      ApproximateNumberOfMessagesDelayed: "20",
      ApproximateNumberOfMessagesNotVisible: "100",
    },
  });
  expect(await depths.read("enrich")).toBe(123);
});

it("throws what stands for a queue that does not answer", async () => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).rejects(Object.assign(new Error("throttled"), { name: "ThrottlingException" }));
  await expect(depths.read("ingest")).rejects.toMatchObject({ retryable: true });
});
