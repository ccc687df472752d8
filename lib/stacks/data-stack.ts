import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "../config/load-settings.ts";
import { CatalogBucket } from "../constructs/data/catalog-bucket.ts";
import { DataTable } from "../constructs/data/data-table.ts";
import { SourceSecrets } from "../constructs/data/source-secrets.ts";
import type { StageData } from "../constructs/data/stage-data.ts";
import { UserDirectory } from "../constructs/data/user-directory.ts";
import { WebhookKey } from "../constructs/data/webhook-key.ts";
import { putOut } from "../constructs/put-out.ts";
import type { AlarmRegistry } from "../monitoring/alarm-registry.ts";

export interface DataStackProps extends StackProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
}

/** Everything that a stage keeps: tables, bucket, users, secrets. Outside local it outlives the stack. */
export class DataStack extends Stack implements StageData {
  readonly enrichmentStatus: DataTable;
  readonly products: DataTable;
  readonly productHistory: DataTable;
  readonly contentEnds: DataTable;
  readonly marketplaces: DataTable;
  readonly upstreamLimits: DataTable;
  readonly failures: DataTable;
  readonly operations: DataTable;
  readonly liveConnections: DataTable;
  readonly assemblyStaging: DataTable;
  readonly shopProducts: DataTable;
  readonly refreshJobs: DataTable;
  readonly refreshDemand: DataTable;
  readonly access: DataTable;
  readonly webhooks: DataTable;
  readonly webhookKey: WebhookKey;
  readonly bucket: CatalogBucket;
  readonly users: UserDirectory;
  readonly secrets: SourceSecrets;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { config, alarms } = props;
    const common = { config, alarms };
    this.enrichmentStatus = new DataTable(this, "EnrichmentStatusTable", {
      ...common,
      partitionKey: "catalog_id",
      sortKey: "batch_id",
      indexes: [
        { name: "by-user", partitionKey: "user_id", sortKey: "created_at" },
        { name: "open-runs", partitionKey: "open_shard", sortKey: "created_at" },
        { name: "due-batches", partitionKey: "due_shard", sortKey: "due_at" },
        // Runs with failed products, for failure groups.
        { name: "failing-runs", partitionKey: "failing_owner_id", sortKey: "created_at" },
      ],
      // What ended is what a write changed: `publish-events` compares.
      streamsChanges: true,
    });
    this.products = new DataTable(this, "ProductsTable", {
      ...common,
      holdsContent: true,
      streamsKeys: true,
      partitionKey: "product_key",
      indexes: [
        {
          name: "refresh-bucket",
          partitionKey: "refresh_bucket",
          partitionKeyIsNumber: true,
          sortKey: "product_key",
        },
      ],
    });
    this.productHistory = new DataTable(this, "ProductHistoryTable", {
      ...common,
      // Kept as long as its source allows; what a source takes back must be in no backup.
      holdsContent: true,
      partitionKey: "product_key",
      sortKey: "changed_at_field",
    });
    this.contentEnds = new DataTable(this, "ContentEndsTable", {
      ...common,
      partitionKey: "ends_hour",
      sortKey: "ends_at_id",
      ttlAttribute: "expires_at",
    });
    this.marketplaces = new DataTable(this, "MarketplacesTable", { ...common, partitionKey: "code" });
    this.upstreamLimits = new DataTable(this, "UpstreamLimitsTable", {
      ...common,
      partitionKey: "limit_key",
      // Cached tokens and hourly counters end; limits carry no expiry and stay.
      ttlAttribute: "ttl",
    });
    this.failures = new DataTable(this, "FailuresTable", {
      ...common,
      partitionKey: "tracking_id",
      sortKey: "product_key",
      indexes: [{ name: "by-code", partitionKey: "error_code", sortKey: "failed_at" }],
    });
    this.operations = new DataTable(this, "OperationsTable", {
      ...common,
      partitionKey: "operation_key",
      ttlAttribute: "expires_at",
    });
    this.liveConnections = new DataTable(this, "LiveConnectionsTable", {
      ...common,
      partitionKey: "channel",
      sortKey: "connection_id",
      ttlAttribute: "expires_at",
    });
    // Made whether the shop line is on or not: a switch must neither remove what shops show nor leave it without its stack.
    this.assemblyStaging = new DataTable(this, "AssemblyStagingTable", {
      ...common,
      partitionKey: "video_id",
      sortKey: "seller_handle",
      ttlAttribute: "ttl",
    });
    this.shopProducts = new DataTable(this, "ShopProductsTable", {
      ...common,
      partitionKey: "seller_handle",
      sortKey: "video_id",
      indexes: [{ name: "by-created", partitionKey: "seller_handle", sortKey: "created_at" }],
      streamsItems: true,
    });
    this.refreshJobs = new DataTable(this, "RefreshJobsTable", {
      ...common,
      partitionKey: "refresh_date",
      sortKey: "job_id",
      ttlAttribute: "expires_at",
    });
    this.refreshDemand = new DataTable(this, "RefreshDemandTable", {
      ...common,
      partitionKey: "product_key",
      ttlAttribute: "expires_at",
    });
    this.access = new DataTable(this, "AccessTable", {
      ...common,
      partitionKey: "access_key",
      indexes: [{ name: "by-owner", partitionKey: "owner_key", sortKey: "created_at" }],
      ttlAttribute: "expires_at",
    });
    this.webhooks = new DataTable(this, "WebhooksTable", {
      ...common,
      partitionKey: "webhook_key",
      sortKey: "entry_key",
      indexes: [{ name: "due-deliveries", partitionKey: "due_shard", sortKey: "due_at" }],
      ttlAttribute: "expires_at",
    });
    this.webhookKey = new WebhookKey(this, "WebhookKey", { config });
    this.bucket = new CatalogBucket(this, "CatalogBucket", { config });
    this.users = new UserDirectory(this, "Users", { config });
    this.secrets = new SourceSecrets(this, "SourceSecrets", { config });

    putOut(this, {
      TableEnrichmentStatus: this.enrichmentStatus.table.tableName,
      TableProducts: this.products.table.tableName,
      TableProductHistory: this.productHistory.table.tableName,
      TableContentEnds: this.contentEnds.table.tableName,
      TableMarketplaces: this.marketplaces.table.tableName,
      TableUpstreamLimits: this.upstreamLimits.table.tableName,
      TableFailures: this.failures.table.tableName,
      TableOperations: this.operations.table.tableName,
      TableLiveConnections: this.liveConnections.table.tableName,
      TableAssemblyStaging: this.assemblyStaging.table.tableName,
      TableShopProducts: this.shopProducts.table.tableName,
      TableRefreshJobs: this.refreshJobs.table.tableName,
      TableRefreshDemand: this.refreshDemand.table.tableName,
      TableAccess: this.access.table.tableName,
      TableWebhooks: this.webhooks.table.tableName,
      BucketName: this.bucket.bucket.bucketName,
      UserPoolId: this.users.pool.userPoolId,
      UserPoolClientId: this.users.client.userPoolClientId,
      SecretPrefix: this.secrets.prefix,
    });
  }
}
