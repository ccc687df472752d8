import { type App, Aspects, CliCredentialsStackSynthesizer, type IReusableStackSynthesizer } from "aws-cdk-lib";
import type { StageConfig } from "../config/load-settings.ts";
import { acceptFinding } from "../constructs/findings/accept-finding.ts";
import { InNetwork } from "../constructs/network/in-network.ts";
import { EmulatorActions } from "../constructs/rights/emulator-actions.ts";
import { AlarmRegistry } from "../monitoring/alarm-registry.ts";
import { addSchedulesGroup } from "../monitoring/schedule-alarm.ts";
import { ACCEPTED_EVERYWHERE } from "./accepted-everywhere.ts";
import { ApiStack } from "./api-stack.ts";
import { DataStack } from "./data-stack.ts";
import { MonitoringStack } from "./monitoring-stack.ts";
import { NetworkStack } from "./network-stack.ts";
import { PipelineStack } from "./pipeline-stack.ts";
import { ShopStack } from "./shop-stack.ts";

/** All stacks of one stage. */
export interface StageStacks {
  /** Where the stage has a network of its own choice. */
  readonly network: NetworkStack | undefined;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  /** Where the stage has the shop line. */
  readonly shop: ShopStack | undefined;
  readonly api: ApiStack;
  readonly monitoring: MonitoringStack;
  /** Every alarm of the stage. */
  readonly alarms: AlarmRegistry;
}

/** Builds `Enrichline-<stage>-…`, in the order in which they are deployed. */
export const buildStacks = (app: App, config: StageConfig): StageStacks => {
  acceptFinding(app, ...ACCEPTED_EVERYWHERE);
  if (config.emulated) Aspects.of(app).add(new EmulatorActions());
  const alarms = new AlarmRegistry();
  addSchedulesGroup(alarms);
  const id = (name: string): string => `Enrichline-${config.stage}-${name}`;
  const env = {
    ...(config.account === undefined ? {} : { account: config.account }),
    ...(config.region === undefined ? {} : { region: config.region }),
  };
  const common = (description: string) => ({
    description: `Enrichline ${config.stage}: ${description}`,
    tags: { project: "enrichline", stage: config.stage },
    env,
    // The emulator needs none of the roles that the default one assumes. The cast: the library's own types disagree
    // about an optional property, which only exactOptionalPropertyTypes sees.
    ...(config.disposable ? { synthesizer: new CliCredentialsStackSynthesizer() as IReusableStackSynthesizer } : {}),
  });

  const network = config.vpc
    ? new NetworkStack(app, id("Network"), { ...common("the network of its functions"), config, vpc: config.vpc })
    : undefined;
  if (network) Aspects.of(app).add(new InNetwork(network.network));
  const data = new DataStack(app, id("Data"), {
    ...common("what it keeps"),
    terminationProtection: !config.disposable,
    config,
    alarms,
  });
  const pipeline = new PipelineStack(app, id("Pipeline"), { ...common("the main line"), config, alarms, data });
  const shop = config.shop_line
    ? new ShopStack(app, id("Shop"), { ...common("the shop line"), config, alarms, data })
    : undefined;
  const api = new ApiStack(app, id("Api"), {
    ...common("the HTTP API"),
    config,
    alarms,
    data,
    queues: pipeline.queues,
    planRefresh: pipeline.refresh?.planRefresh.fn,
    webhooksQueue: pipeline.webhooks?.queue,
  });
  const monitoring = new MonitoringStack(app, id("Monitoring"), {
    ...common("alarms and dashboard"),
    config,
    alarms,
    watched: {
      api: api.gateway.api,
      live: api.live.api,
      queues: {
        enrich: pipeline.queues.enrich,
        "enrich-express": pipeline.queues.express,
        ingest: pipeline.queues.ingest,
        ...(pipeline.requests ? { requests: pipeline.requests.queue } : {}),
        exports: pipeline.queues.exports,
        ...(shop ? { "caption-parsed": shop.captions, "thumbnail-generated": shop.thumbnails } : {}),
        ...(pipeline.refresh ? { refresh: pipeline.refresh.queue } : {}),
        ...(pipeline.reactions.queue ? { reactions: pipeline.reactions.queue } : {}),
        ...(pipeline.webhooks ? { webhooks: pipeline.webhooks.queue } : {}),
      },
      functions: {
        "authorize-requests": api.authorizeRequests.fn,
        "catalogs-api": api.catalogsApi.fn,
        "products-api": api.productsApi.fn,
        "operations-api": api.operationsApi.fn,
        "handle-dead-letters": api.handleDeadLetters.fn,
        "live-connections": api.liveConnections.fn,
        "broadcast-changes": api.broadcastChanges.fn,
        "enrich-batch": pipeline.enrichBatch.fn,
        "enrich-batch (express)": pipeline.enrichExpress.fn,
        "ingest-catalog": pipeline.ingestCatalog.fn,
        "export-catalog": pipeline.exportCatalog.fn,
        "dispatch-batches": pipeline.dispatchBatches.fn,
        reconcile: pipeline.reconcile.fn,
        "sweep-expired": pipeline.sweepExpired.fn,
        ...(shop ? { "assemble-product": shop.assembleProduct.fn, "sweep-staging": shop.sweepStaging.fn } : {}),
        ...(api.shopApi ? { "shop-api": api.shopApi.fn } : {}),
        "publish-events": pipeline.publishEvents.fn,
        ...(pipeline.requests ? { "accept-requests": pipeline.requests.acceptRequests.fn } : {}),
        "react-to-outcomes": pipeline.reactions.reactToOutcomes.fn,
        ...(pipeline.refresh
          ? {
              "plan-refresh": pipeline.refresh.planRefresh.fn,
              "refresh-products": pipeline.refresh.refreshProducts.fn,
            }
          : {}),
        ...(pipeline.webhooks ? { "deliver-webhooks": pipeline.webhooks.deliverWebhooks.fn } : {}),
      },
      tables: {
        "enrichment-status": data.enrichmentStatus.table,
        products: data.products.table,
        "product-history": data.productHistory.table,
        "content-ends": data.contentEnds.table,
        marketplaces: data.marketplaces.table,
        "upstream-limits": data.upstreamLimits.table,
        failures: data.failures.table,
        operations: data.operations.table,
        access: data.access.table,
        "live-connections": data.liveConnections.table,
        webhooks: data.webhooks.table,
        "dead-letters": data.deadLetters.table,
        "refresh-jobs": data.refreshJobs.table,
        "refresh-demand": data.refreshDemand.table,
        ...(shop ? { "assembly-staging": data.assemblyStaging.table, "shop-products": data.shopProducts.table } : {}),
      },
    },
  });
  return { network, data, pipeline, shop, api, monitoring, alarms };
};
