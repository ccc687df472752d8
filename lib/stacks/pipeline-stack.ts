import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { concurrencyNeeded, consumerConcurrency, expressConcurrency } from "../config/capacity.ts";
import type { StageConfig } from "../config/load-settings.ts";
import type { StageData } from "../constructs/data/stage-data.ts";
import { OutcomeReactions } from "../constructs/events/outcome-reactions.ts";
import { OutcomesStream } from "../constructs/events/outcomes-stream.ts";
import { RequestLine } from "../constructs/events/request-line.ts";
import { StageBus } from "../constructs/events/stage-bus.ts";
import { EveryMinute } from "../constructs/every-minute.ts";
import { DispatchBatchesFunction } from "../constructs/functions/catalogs/dispatch-batches-function.ts";
import { EnrichBatchFunction } from "../constructs/functions/catalogs/enrich-batch-function.ts";
import { ExportCatalogFunction } from "../constructs/functions/catalogs/export-catalog-function.ts";
import { IngestCatalogFunction } from "../constructs/functions/catalogs/ingest-catalog-function.ts";
import { ReconcileFunction } from "../constructs/functions/catalogs/reconcile-function.ts";
import { PublishEventsFunction } from "../constructs/functions/products/publish-events-function.ts";
import { SweepExpiredFunction } from "../constructs/functions/products/sweep-expired-function.ts";
import { putOut } from "../constructs/put-out.ts";
import { BatchConsumer } from "../constructs/queues/batch-consumer.ts";
import { QueueWithDlq } from "../constructs/queues/queue-with-dlq.ts";
import { UploadEvents } from "../constructs/queues/upload-events.ts";
import type { WorkQueues } from "../constructs/queues/work-queues.ts";
import { RefreshLine } from "../constructs/refresh-line.ts";
import { StreamConsumer } from "../constructs/stream-consumer.ts";
import { WebhookLine } from "../constructs/webhooks/webhook-line.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addMainLineAlarms } from "../monitoring/main-line-alarms.ts";
import { reconcilePasses } from "../monitoring/own-metrics.ts";

/**
 * Messages that a worker of express work takes at once. Its calls go one after the other, so that with more the run of one user
 * would wait for those of others; calls fill themselves from the queue while they wait for a slot.
 */
const EXPRESS_MESSAGES = 2;

export interface PipelineStackProps extends StackProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly data: StageData;
}

/** The main line: queues, their consumers, and the three functions that run every minute. */
export class PipelineStack extends Stack {
  readonly queues: WorkQueues;
  readonly enrichBatch: EnrichBatchFunction;
  readonly enrichExpress: EnrichBatchFunction;
  readonly dispatchBatches: DispatchBatchesFunction;
  readonly ingestCatalog: IngestCatalogFunction;
  readonly exportCatalog: ExportCatalogFunction;
  readonly reconcile: ReconcileFunction;
  readonly sweepExpired: SweepExpiredFunction;
  readonly publishEvents: PublishEventsFunction;
  /** Where the stage has the daily refresh. */
  readonly refresh: RefreshLine | undefined;
  /** Where the stage has webhooks. */
  readonly webhooks: WebhookLine | undefined;
  readonly bus: StageBus;
  /** Where the stage takes requests from the bus. */
  readonly requests: RequestLine | undefined;
  readonly reactions: OutcomeReactions;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const { config, alarms, data } = props;
    this.queues = {
      enrich: new QueueWithDlq(this, "EnrichQueue", { config, alarms }),
      express: new QueueWithDlq(this, "EnrichExpressQueue", { config, alarms }),
      ingest: new QueueWithDlq(this, "IngestQueue", {
        config,
        alarms,
        consumerTimeoutSeconds: config.ingest_timeout_seconds,
      }),
      exports: new QueueWithDlq(this, "ExportsQueue", {
        config,
        alarms,
        impacts: {
          deadLetters: "Exports were given up: their state says so, and there is no file.",
          oldestMessage: "Users wait for exports that nobody writes.",
          depth: "More exports are asked for than are written; users wait for their files.",
        },
      }),
    };
    const context = { config, alarms, data, queues: this.queues };
    this.enrichBatch = new EnrichBatchFunction(this, "EnrichBatch", { ...context, priority: "bulk" });
    this.enrichExpress = new EnrichBatchFunction(this, "EnrichExpress", { ...context, priority: "express" });
    this.dispatchBatches = new DispatchBatchesFunction(this, "DispatchBatches", context);
    this.ingestCatalog = new IngestCatalogFunction(this, "IngestCatalog", context);
    this.exportCatalog = new ExportCatalogFunction(this, "ExportCatalog", context);
    this.reconcile = new ReconcileFunction(this, "Reconcile", context);
    this.sweepExpired = new SweepExpiredFunction(this, "SweepExpired", context);
    this.bus = new StageBus(this, "Bus", { config, alarms });
    this.requests = config.event_requests
      ? new RequestLine(this, "Requests", { ...context, bus: this.bus })
      : undefined;
    this.reactions = new OutcomeReactions(this, "Reactions", { config, alarms, bus: this.bus });
    this.refresh = config.daily_refresh ? new RefreshLine(this, "Refresh", context) : undefined;
    this.webhooks = config.webhooks ? new WebhookLine(this, "Webhooks", context) : undefined;
    this.publishEvents = new PublishEventsFunction(this, "PublishEvents", {
      ...{ ...context, bus: this.bus },
      webhooksQueue: this.webhooks?.queue,
    });

    new BatchConsumer(this, "EnrichConsumer", {
      source: this.queues.enrich,
      target: this.enrichBatch,
      maxConcurrency: consumerConcurrency(config),
      windowSeconds: config.batch_window_seconds,
    });
    // No window: somebody watches the first products come in.
    new BatchConsumer(this, "ExpressConsumer", {
      source: this.queues.express,
      target: this.enrichExpress,
      maxConcurrency: expressConcurrency(config),
      batchSize: EXPRESS_MESSAGES,
    });
    // One file an invocation: a large one takes all the memory and much of the time that there is.
    new BatchConsumer(this, "IngestConsumer", {
      source: this.queues.ingest,
      target: this.ingestCatalog,
      maxConcurrency: config.ingest_concurrency,
      batchSize: 1,
    });
    // One export an invocation: each may use all of its time.
    new BatchConsumer(this, "ExportsConsumer", {
      source: this.queues.exports,
      target: this.exportCatalog,
      maxConcurrency: config.export_concurrency,
      batchSize: 1,
    });
    new StreamConsumer(this, "ProductsStream", {
      ...{ config, alarms, source: data.products, target: this.publishEvents },
      impacts: {
        givenUp:
          "Changes of products were given up: each is recorded with the next write of its product, if it still holds.",
        late: "Events come late, and price histories lag behind the products.",
      },
    });
    new OutcomesStream(this, "OutcomesStream", {
      config,
      alarms,
      source: data.enrichmentStatus,
      target: this.publishEvents,
    });
    new UploadEvents(this, "UploadEvents", { bucket: data.bucket, target: this.queues.ingest });
    new EveryMinute(this, "DispatchSchedule", {
      alarms,
      target: this.dispatchBatches,
      component: "DispatchBatches",
      impact: "Runs larger than the window start late: only settling batches still send new ones.",
    });
    new EveryMinute(this, "ReconcileSchedule", {
      alarms,
      target: this.reconcile,
      component: "Reconcile",
      // The other alarms on the main line depend on what it counts.
      proof: reconcilePasses(config),
      impact: "Whatever waits for a time stays where it is, and nothing notices work that stands still.",
    });
    new EveryMinute(this, "SweepSchedule", {
      alarms,
      target: this.sweepExpired,
      component: "SweepExpired",
      impact: "Content stays stored beyond its licence; readers give none of it out.",
    });
    addMainLineAlarms(alarms, config);

    putOut(this, {
      // `enrichline doctor` and `deploy` compare it with the account's quota.
      ConcurrencyNeeded: String(concurrencyNeeded(config)),
      QueueEnrichUrl: this.queues.enrich.queue.queueUrl,
      QueueEnrichDlqUrl: this.queues.enrich.deadLetterQueue.queueUrl,
      QueueEnrichExpressUrl: this.queues.express.queue.queueUrl,
      QueueEnrichExpressDlqUrl: this.queues.express.deadLetterQueue.queueUrl,
      QueueIngestUrl: this.queues.ingest.queue.queueUrl,
      QueueIngestDlqUrl: this.queues.ingest.deadLetterQueue.queueUrl,
      QueueExportsUrl: this.queues.exports.queue.queueUrl,
      QueueExportsDlqUrl: this.queues.exports.deadLetterQueue.queueUrl,
      ...this.refresh?.outputs,
      ...this.webhooks?.outputs,
      EventBusName: this.bus.name,
      EventBusArn: this.bus.arn,
      QueueEventsDlqUrl: this.bus.undelivered.queueUrl,
      ...this.requests?.outputs,
      ...this.reactions.outputs,
      TopicCriticalFailures: this.reactions.alerts.topicArn,
      FunctionReactToOutcomes: this.reactions.reactToOutcomes.fn.functionName,
      FunctionExportCatalog: this.exportCatalog.fn.functionName,
      FunctionIngestCatalog: this.ingestCatalog.fn.functionName,
      FunctionEnrichBatch: this.enrichBatch.fn.functionName,
      FunctionEnrichBatchExpress: this.enrichExpress.fn.functionName,
      FunctionDispatchBatches: this.dispatchBatches.fn.functionName,
      FunctionReconcile: this.reconcile.fn.functionName,
      FunctionPublishEvents: this.publishEvents.fn.functionName,
      FunctionSweepExpired: this.sweepExpired.fn.functionName,
    });
  }
}
