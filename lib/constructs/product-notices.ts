import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Alias } from "aws-cdk-lib/aws-kms";
import { CfnPipe } from "aws-cdk-lib/aws-pipes";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addDeadLetterAlarm } from "../monitoring/dead-letters/dead-letter-alarm.ts";
import type { DataTable } from "./data/data-table.ts";
import { deadLetterQueue } from "./queues/dead-letter-queue.ts";
import { publishByRights } from "./rights/publish-by-rights.ts";

/** A stream keeps its records for a day. */
const MAX_RECORD_AGE = Duration.hours(23);
/** Records an hour behind each other are read in groups of so many. */
const BATCH_SIZE = 10;

/**
 * What a notice says of the stream's record. Text, not JSON.stringify: a placeholder without quotes becomes a JSON text of its own.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export const NOTICE_TEMPLATE = `{"type": "new_product", "id": "<$.dynamodb.Keys.seller_handle.S>/<$.dynamodb.Keys.video_id.S>", "seller_handle": <$.dynamodb.Keys.seller_handle.S>, "video_id": <$.dynamodb.Keys.video_id.S>, "created_at": <$.dynamodb.NewImage.created_at.S>}`;

export interface ProductNoticesProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** The table whose new items are announced. */
  readonly products: DataTable;
}

/**
 * The topic with one notice of each new product of a shop, by a pipe from the stream of the table: a product is inserted once,
 * so there is one record of it. A notice may come twice, as everything from SNS may; its `id` is the same then.
 *
 * @example
 * new ProductNotices(this, "ProductNotices", { config, alarms, products: data.shopProducts });
 */
export class ProductNotices extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { config, alarms, products }: ProductNoticesProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", {
      masterKey: Alias.fromAliasName(this, "Key", "alias/aws/sns"),
      // The emulator speaks plain HTTP.
      enforceSSL: !config.disposable,
      displayName: `Enrichline ${config.stage} new products`,
    });
    publishByRights(this.topic);
    const undelivered = deadLetterQueue(this, "Undelivered", config);
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("pipes.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    });
    const allow = (actions: string[], resource: string): boolean =>
      role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(
      ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
      products.streamArn,
    );
    allow(["sns:Publish"], this.topic.topicArn);
    allow(["sqs:SendMessage"], undelivered.queueArn);
    const pipe = new CfnPipe(this, "Pipe", {
      roleArn: role.roleArn,
      source: products.streamArn,
      sourceParameters: {
        filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ["INSERT"] }) }] },
        dynamoDbStreamParameters: {
          startingPosition: "TRIM_HORIZON",
          batchSize: BATCH_SIZE,
          maximumRecordAgeInSeconds: MAX_RECORD_AGE.toSeconds(),
          onPartialBatchItemFailure: "AUTOMATIC_BISECT",
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      },
      target: this.topic.topicArn,
      targetParameters: {
        inputTemplate: NOTICE_TEMPLATE,
      },
    });
    // Without its rights a pipe is not created.
    pipe.node.addDependency(role);
    addDeadLetterAlarm(alarms, {
      config,
      component: id,
      queue: undelivered,
      severity: "notice",
      impact: "Subscribers of the topic learn nothing of some new products; shops list them all the same.",
    });
  }
}
