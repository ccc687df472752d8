import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import { addTableAlarms } from "../../monitoring/table-alarms.ts";
import { type AcceptedFinding, acceptFinding } from "../findings/accept-finding.ts";
import { removalPolicy } from "../removal-policy.ts";
import type { EnvSchemaLike } from "../service-environment.ts";
import type { ServiceFunction } from "../service-function.ts";

/** A global index; it carries keys only, so that a write of other attributes does not touch it. */
export interface DataIndex {
  readonly name: string;
  readonly partitionKey: string;
  /** @default text */
  readonly partitionKeyIsNumber?: boolean;
  /** Text. */
  readonly sortKey: string;
}

export interface DataTableProps {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  /** Keys are text in every table. */
  readonly partitionKey: string;
  /** @default none */
  readonly sortKey?: string;
  /** @default none */
  readonly indexes?: readonly DataIndex[];
  /**
   * Whether rows hold content that a licence ends: a backup would keep it longer, so there is no point-in-time recovery.
   * @default false
   */
  readonly holdsContent?: boolean;
  /** Whether functions follow its writes; they learn the keys alone, because a stream keeps what it has for a day. @default false */
  readonly streamsKeys?: boolean;
  /** Attribute with the expiry in epoch seconds. @default none: rows stay */
  readonly ttlAttribute?: string;
  /** Whether functions and pipes follow its writes, each with the item as it is then. Not for content that ends. @default false */
  readonly streamsItems?: boolean;
  /** As `streamsItems`, with the item as it was before besides, so that readers see what a write changed. @default false */
  readonly streamsChanges?: boolean;
}

/** What a function may do with a table, by API name. A transaction needs the rights of the writes in it. */
export type TableAction =
  | "GetItem"
  | "BatchGetItem"
  | "Query"
  | "Scan"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "BatchWriteItem"
  | "ConditionCheckItem";

const RECOVERY = ["AwsSolutions-DDB3", "NIST.800.53.R5-DynamoDBPITREnabled"];
const NO_BACKUP: AcceptedFinding = {
  rules: RECOVERY,
  reason: "A backup would keep content for 35 days that its licence ends after one; all of it can be fetched again.",
};
const THROWN_AWAY: AcceptedFinding = { rules: RECOVERY, kind: "stage local", reason: "Stage local is thrown away." };

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/**
 * A table on demand, encrypted with DynamoDB's own key; outside local kept when the stack goes, protected from
 * deletion and with point-in-time recovery, unless it holds content that ends.
 *
 * @example
 * new DataTable(this, "ProductsTable", { config, alarms, partitionKey: "product_key" });
 */
export class DataTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: DataTableProps) {
    super(scope, id);
    const { config, indexes = [] } = props;
    this.table = new Table(this, "Table", {
      partitionKey: text(props.partitionKey),
      ...(props.sortKey === undefined ? {} : { sortKey: text(props.sortKey) }),
      ...(props.ttlAttribute === undefined ? {} : { timeToLiveAttribute: props.ttlAttribute }),
      ...(props.streamsItems ? { stream: StreamViewType.NEW_IMAGE } : {}),
      ...(props.streamsChanges ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
      ...(props.streamsKeys ? { stream: StreamViewType.KEYS_ONLY } : {}),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !config.disposable && !props.holdsContent },
      deletionProtection: !config.disposable,
      removalPolicy: removalPolicy(config, { deletionProtected: true }),
    });
    if (props.holdsContent) acceptFinding(this.table, NO_BACKUP);
    if (config.disposable) acceptFinding(this.table, THROWN_AWAY);
    for (const index of indexes) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: index.partitionKeyIsNumber
          ? { name: index.partitionKey, type: AttributeType.NUMBER }
          : text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    addTableAlarms(props.alarms, {
      component: id,
      tableName: this.table.tableName,
      indexNames: indexes.map(({ name }) => name),
      throttles: config.alarms.table_throttles,
    });
  }

  /** Lets a function do `actions` on the table. */
  grant<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, actions: readonly TableAction[]): void {
    target.allow(
      actions.map((action) => `dynamodb:${action}`),
      this.table.tableArn,
    );
  }

  /** Lets a function read how many items the table holds. */
  grantDescribe<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    target.allow(["dynamodb:DescribeTable"], this.table.tableArn);
  }

  /** The stream of its writes. @throws Error when the table has none */
  get streamArn(): string {
    const arn = this.table.tableStreamArn;
    if (arn === undefined)
      throw new Error(`${this.node.path} has no stream: set streamsKeys, streamsItems or streamsChanges`);
    return arn;
  }

  /** Lets a function follow the table's writes. A stream's name is only known once it is there. */
  grantStream<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>): void {
    const actions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    target.allow(
      actions.map((action) => `dynamodb:${action}`),
      `${this.table.tableArn}/stream/*`,
    );
    acceptFinding(target, {
      rules: ["AwsSolutions-IAM5"],
      kind: "streams",
      only: /^Resource::<.*Table.*\.Arn>\/stream\/\*$/,
      reason:
        "A stream has the moment of its making in its name, which only a deploy knows: the right ends at those of one table.",
    });
  }

  /** Lets a function read all of one index: for a sparse one, which holds few rows of the table. */
  grantScan<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, indexName: string): void {
    target.allow(["dynamodb:Scan"], `${this.table.tableArn}/index/${indexName}`);
  }

  /** Lets a function query one index. */
  grantQuery<Schema extends EnvSchemaLike>(target: ServiceFunction<Schema>, indexName: string): void {
    target.allow(["dynamodb:Query"], `${this.table.tableArn}/index/${indexName}`);
  }
}
