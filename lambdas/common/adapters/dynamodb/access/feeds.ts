import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { accessKey } from "../../../core/access/access-row.ts";
import { type FeedRow, FeedRowSchema, MAX_FEEDS } from "../../../core/access/feed.ts";
import { isoTime } from "../../../core/clock.ts";
import { secondsAfterDays } from "../../../core/durations.ts";
import { isAsPut, itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { AccessRows } from "./access-rows.ts";

/** Feeds of a catalog that are read to list them: revoked ones stay for a day. */
const MAX_READ = 10 * MAX_FEEDS;

/** Feeds: rows `feed#<id>` of the table `access`. */
export class Feeds {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rows: AccessRows<typeof FeedRowSchema>;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
    this.#rows = new AccessRows(client, tableName, "feed", FeedRowSchema);
  }

  /** The feed as of now; undefined when there is none, or it was revoked. @throws TransientError */
  async get(feedId: string): Promise<FeedRow | undefined> {
    const row = await this.#rows.get(feedId);
    return row?.revoked_at === undefined ? row : undefined;
  }

  /** Feeds of a catalog, newest first. @throws TransientError */
  async list(catalogId: string): Promise<FeedRow[]> {
    const { rows } = await this.#rows.list(catalogId, MAX_READ);
    return rows.filter((row) => row.revoked_at === undefined);
  }

  /** Writes a new feed. @throws TransientError */
  async create(row: FeedRow): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: row,
          ConditionExpression: "attribute_not_exists(access_key)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    } catch (error) {
      if (!isAsPut(error, row)) throw translateSdkError(error, "writing a feed");
    }
  }

  /** Ends a feed of this catalog for ever; safe to repeat. Undefined when the catalog has no such feed. @throws TransientError */
  async revoke(feedId: string, catalogId: string, nowMs: number): Promise<FeedRow | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { access_key: accessKey("feed", feedId) },
          UpdateExpression: "SET revoked_at = :now, expires_at = :forget",
          ConditionExpression: "catalog_id = :catalog AND attribute_not_exists(revoked_at)",
          ExpressionAttributeValues: {
            ":now": isoTime(nowMs),
            ":forget": secondsAfterDays(nowMs, 1),
            ":catalog": catalogId,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return FeedRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "revoking a feed");
      const item = itemOnFailure(error);
      const row = item && FeedRowSchema.parse(item);
      return row?.catalog_id === catalogId ? row : undefined;
    }
  }
}
