import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import { type AcceptedFinding, acceptFinding, NO_TLS } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";

/** SQS keeps a message 14 days at most, and a DLQ counts from the first enqueue: so every DLQ has the most. */
const DLQ_RETENTION_DAYS = 14;
/** Longest wait of a receive call; shorter ones cost more empty receives. */
const LONG_POLLING_SECONDS = 20;

/** What every queue of a stage has: encryption, long polling, and TLS only outside local. */
export const queueProps = (config: StageConfig): QueueProps => ({
  encryption: QueueEncryption.SQS_MANAGED,
  receiveMessageWaitTime: Duration.seconds(LONG_POLLING_SECONDS),
  // The emulator speaks plain HTTP.
  enforceSSL: !config.disposable,
  removalPolicy: removalPolicy(config),
});

const ITS_END: AcceptedFinding = {
  rules: ["AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"],
  kind: "dead-letter queues",
  reason:
    "It is itself what takes dead letters: of a queue, a stream, a pipe or the bus. Behind it stands a person, by its alarm.",
};

/** Makes the queue of what a consumer or a stream gave up. */
export const deadLetterQueue = (scope: Construct, id: string, config: StageConfig): Queue => {
  const queue = new Queue(scope, id, { ...queueProps(config), retentionPeriod: Duration.days(DLQ_RETENTION_DAYS) });
  acceptFinding(queue, ITS_END, ...(config.disposable ? [NO_TLS] : []));
  return queue;
};
