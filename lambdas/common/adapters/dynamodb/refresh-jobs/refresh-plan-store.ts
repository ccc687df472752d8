import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type BucketSummary, BucketSummarySchema } from "../../../core/refresh/bucket-summary.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";

/** Partition of rows about the plans. No day has this name. */
const PLANS = "plans";
const LEASE_KEY = { refresh_date: PLANS, job_id: "lease" };
const BUCKET = "bucket#";

/** Who plans now, and which hour was planned last; rows of the `refresh-jobs` table beside the jobs. */
export class RefreshPlanStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Lets one planner work at a time. @returns false while another one does @throws TransientError */
  async begin(owner: string, now: string, until: string): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: LEASE_KEY,
          UpdateExpression: "SET lease_owner = :owner, lease_until = :until",
          ConditionExpression: "attribute_not_exists(lease_until) OR lease_until < :now OR lease_owner = :owner",
          ExpressionAttributeValues: { ":owner": owner, ":until": until, ":now": now },
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return false;
      throw translateSdkError(error, "beginning a refresh plan");
    }
  }

  /** Hour that the schedule planned last, such as `2026-11-30T14`; undefined before the first. @throws TransientError */
  async lastHour(): Promise<string | undefined> {
    const { Item } = await withSdkErrors("reading the last refresh plan", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: LEASE_KEY, ConsistentRead: true })),
    );
    return typeof Item?.planned_hour === "string" ? Item.planned_hour : undefined;
  }

  /**
   * Lets the next planner begin.
   * @param plannedHour the hour that is planned now; null: it is not
   */
  async end(owner: string, plannedHour: string | null): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: LEASE_KEY,
          UpdateExpression: `${plannedHour === null ? "" : "SET planned_hour = :hour "}REMOVE lease_owner, lease_until`,
          ConditionExpression: "lease_owner = :owner",
          ExpressionAttributeValues: { ":owner": owner, ...(plannedHour === null ? {} : { ":hour": plannedHour }) },
        }),
      );
    } catch (error) {
      // Its lease is over and another one plans, or the answer of the first attempt was lost.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, "ending a refresh plan");
    }
  }

  async saveBucket(summary: BucketSummary): Promise<void> {
    const job_id = `${BUCKET}${String(summary.bucket).padStart(2, "0")}`;
    await withSdkErrors("writing what a bucket holds", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: { refresh_date: PLANS, job_id, ...summary } })),
    );
  }

  /** What each bucket held when it was read last; those that were never read are left out. @throws TransientError */
  async readBuckets(): Promise<BucketSummary[]> {
    const { items } = await queryUpTo(this.#client, {
      doing: "reading what the buckets hold",
      TableName: this.#table,
      KeyConditionExpression: "refresh_date = :plans AND begins_with(job_id, :bucket)",
      ExpressionAttributeValues: { ":plans": PLANS, ":bucket": BUCKET },
      ConsistentRead: true,
    });
    // Rows of before shops were counted apart: each is written anew within a day.
    return items.filter((item) => "shops" in item).map((item) => BucketSummarySchema.parse(item));
  }
}
