import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { accessKey, type OwnedPlace } from "../../../core/access/access-row.ts";
import { type ApiKeyRow, ApiKeyRowSchema, ENDED_KEY_DAYS } from "../../../core/access/api-key.ts";
import { isoTime } from "../../../core/clock.ts";
import { DAY_MS } from "../../../core/durations.ts";
import { isAsPut, itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { AccessRows, type OwnedPage } from "./access-rows.ts";

/** API keys: rows `key#<id>` of the table `access`. */
export class ApiKeys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rows: AccessRows<typeof ApiKeyRowSchema>;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
    this.#rows = new AccessRows(client, tableName, "key", ApiKeyRowSchema);
  }

  /** The key as of now, ended ones too; undefined when there is none. @throws TransientError */
  get(keyId: string): Promise<ApiKeyRow | undefined> {
    return this.#rows.get(keyId);
  }

  /** Keys of a person, newest first. @throws TransientError */
  list(userId: string, limit: number, after?: OwnedPlace): Promise<OwnedPage<ApiKeyRow>> {
    return this.#rows.list(userId, limit, after);
  }

  /** Writes a new key. @throws TransientError */
  async create(row: ApiKeyRow): Promise<void> {
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
      if (!isAsPut(error, row)) throw translateSdkError(error, "writing a key");
    }
  }

  /**
   * Ends a key of this person for ever; one that has ended stays as it is. It is listed for a while longer.
   * @returns undefined when this person has no such key
   * @throws TransientError
   */
  async revoke(keyId: string, userId: string, nowMs: number): Promise<ApiKeyRow | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { access_key: accessKey("key", keyId) },
          UpdateExpression: "SET revoked_at = :now, expires_at = :forget",
          ConditionExpression: "user_id = :user AND attribute_not_exists(revoked_at)",
          ExpressionAttributeValues: {
            ":now": isoTime(nowMs),
            ":forget": Math.ceil((nowMs + ENDED_KEY_DAYS * DAY_MS) / 1_000),
            ":user": userId,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return ApiKeyRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "revoking a key");
      const item = itemOnFailure(error);
      const row = item && ApiKeyRowSchema.parse(item);
      return row?.user_id === userId ? row : undefined;
    }
  }

  /** Notes that a key is used, unless it is gone. @throws TransientError */
  async noteUse(keyId: string, nowMs: number): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { access_key: accessKey("key", keyId) },
          UpdateExpression: "SET last_used_at = :now",
          ConditionExpression: "attribute_exists(access_key)",
          ExpressionAttributeValues: { ":now": isoTime(nowMs) },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "noting that a key is used");
      }
    }
  }
}
