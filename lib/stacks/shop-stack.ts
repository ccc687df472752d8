import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import type { StageData } from "../constructs/data/stage-data.ts";
import {
  ASSEMBLE_TIMEOUT_SECONDS,
  AssembleProductFunction,
} from "../constructs/functions/shop/assemble-product-function.ts";
import { SweepStagingFunction } from "../constructs/functions/shop/sweep-staging-function.ts";
import { ProductNotices } from "../constructs/product-notices.ts";
import { putOut } from "../constructs/put-out.ts";
import { BatchConsumer } from "../constructs/queues/batch-consumer.ts";
import { QueueWithDlq } from "../constructs/queues/queue-with-dlq.ts";
import { ScheduledCalls } from "../constructs/scheduled-calls.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addShopAlarms } from "../monitoring/shop-alarms.ts";

export interface ShopStackProps extends StackProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly data: StageData;
}

/** Halves of products that are read and cleared together: as many as one BatchGetItem reads. */
const HALVES_PER_BATCH = 100;
/** The least that Lambda demands for so many. Lists show a product five seconds after it was made in any case. */
const WINDOW_SECONDS = 1;

/** What the queues of the shop line mean to people. */
const impacts = (half: string) => ({
  deadLetters: `${half} were given up: their products do not appear until the messages are sent again.`,
  oldestMessage: `${half} wait although nothing holds them up: new products are late.`,
  depth: `More ${half.toLowerCase()} come than are worked off: new products are late.`,
});

/** The shop line: two queues, the function that makes products of their messages, and the hourly sweep. */
export class ShopStack extends Stack {
  readonly captions: QueueWithDlq;
  readonly thumbnails: QueueWithDlq;
  readonly assembleProduct: AssembleProductFunction;
  readonly sweepStaging: SweepStagingFunction;

  constructor(scope: Construct, id: string, props: ShopStackProps) {
    super(scope, id, props);
    const { config, alarms, data } = props;
    const queue = {
      config,
      alarms,
      consumerTimeoutSeconds: ASSEMBLE_TIMEOUT_SECONDS,
      depth: config.alarms.assembly_queue_depth,
    };
    this.captions = new QueueWithDlq(this, "CaptionParsedQueue", { ...queue, impacts: impacts("Captions") });
    this.thumbnails = new QueueWithDlq(this, "ThumbnailGeneratedQueue", { ...queue, impacts: impacts("Thumbnails") });
    this.assembleProduct = new AssembleProductFunction(this, "AssembleProduct", {
      ...{ config, alarms, data },
      captions: this.captions,
      thumbnails: this.thumbnails,
    });
    this.sweepStaging = new SweepStagingFunction(this, "SweepStaging", { config, alarms, data });
    for (const [name, source] of [
      ["CaptionConsumer", this.captions],
      ["ThumbnailConsumer", this.thumbnails],
    ] as const) {
      new BatchConsumer(this, name, {
        source,
        target: this.assembleProduct,
        maxConcurrency: config.assembly_concurrency,
        batchSize: HALVES_PER_BATCH,
        windowSeconds: WINDOW_SECONDS,
      });
    }
    new ScheduledCalls(this, "SweepSchedule", {
      every: "hour",
      severity: "notice",
      alarms,
      target: this.sweepStaging,
      component: "SweepStaging",
      impact: "Nobody learns of captions without thumbnails and the other way round.",
    });
    const notices = config.shop_topic
      ? new ProductNotices(this, "ProductNotices", { config, alarms, products: data.shopProducts })
      : undefined;
    addShopAlarms(alarms, config);

    putOut(this, {
      QueueCaptionParsedUrl: this.captions.queue.queueUrl,
      QueueCaptionParsedDlqUrl: this.captions.deadLetterQueue.queueUrl,
      QueueThumbnailGeneratedUrl: this.thumbnails.queue.queueUrl,
      QueueThumbnailGeneratedDlqUrl: this.thumbnails.deadLetterQueue.queueUrl,
      FunctionAssembleProduct: this.assembleProduct.fn.functionName,
      FunctionSweepStaging: this.sweepStaging.fn.functionName,
      ...(notices ? { TopicNewProducts: notices.topic.topicArn } : {}),
    });
  }
}
