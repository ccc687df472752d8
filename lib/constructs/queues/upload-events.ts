import { Match, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { CatalogBucket } from "../data/catalog-bucket.ts";
import type { QueueWithDlq } from "./queue-with-dlq.ts";

export interface UploadEventsProps {
  readonly bucket: CatalogBucket;
  readonly target: QueueWithDlq;
}

/**
 * Puts the event of every object under `uploads/` on a queue. What EventBridge cannot deliver goes to the queue's own
 * DLQ, where the same alarm rings and the same message can be sent again.
 *
 * @example
 * new UploadEvents(this, "UploadEvents", { bucket: data.bucket, target: queues.ingest });
 */
export class UploadEvents extends Construct {
  constructor(scope: Construct, id: string, { bucket, target }: UploadEventsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: "A user's file has come",
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [bucket.bucket.bucketName] }, object: { key: Match.prefix("uploads/") } },
      },
      targets: [new SqsQueue(target.queue, { deadLetterQueue: target.deadLetterQueue })],
    });
  }
}
