import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { accessKey, type OwnedPlace } from "../../../core/access/access-row.ts";
import {
  type ActiveKeys,
  ActiveKeysSchema,
  type ApiKeyRow,
  ApiKeyRowSchema,
  ENDED_KEY_DAYS,
  keyStateOf,
  MAX_KEYS,
} from "../../../core/access/api-key.ts";
import { isoTime } from "../../../core/clock.ts";
import { secondsAfterDays } from "../../../core/durations.ts";
import { TransientError } from "../../../core/errors.ts";
import { refusedItems, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { unchangedSince } from "../unchanged-since.ts";
import { AccessRows, type OwnedPage } from "./access-rows.ts";

/** Writers of one person's keys that may come between. */
const MAX_TRIES = 10;

/** API keys: rows `key#<id>` of the table `access`, and a row `keys#<user>` of those that are not ended, which bounds them. */
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

  /**
   * Writes a new key, unless its person has `MAX_KEYS` that are not ended. Exact, also while others make and end keys.
   * @returns false when there are too many
   * @throws TransientError also when others change this person's keys all the time
   */
  async create(row: ApiKeyRow, nowMs: number): Promise<boolean> {
    const { key_id, valid_until } = row;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const seen = await this.#activeOf(row.user_id);
      const active = seen.active.filter((key) => keyStateOf(key, nowMs) === "active");
      if (active.length >= MAX_KEYS) return false;
      const put = {
        Put: { TableName: this.#table, Item: row, ConditionExpression: "attribute_not_exists(access_key)" },
      };
      const list = this.#replaceActive(row.user_id, seen, [...active, { key_id, valid_until }]);
      if (await this.#transact([put, list], "writing a key")) return true;
    }
    throw new TransientError("the keys are being changed by others");
  }

  /**
   * Ends a key of this person for ever; one that has ended stays as it is. It is listed for a while longer.
   * @returns undefined when this person has no such key
   * @throws TransientError also when others change this person's keys all the time
   */
  async revoke(keyId: string, userId: string, nowMs: number): Promise<ApiKeyRow | undefined> {
    const ends = { revoked_at: isoTime(nowMs), expires_at: secondsAfterDays(nowMs, ENDED_KEY_DAYS) };
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const row = await this.get(keyId);
      if (row?.user_id !== userId) return undefined;
      if (row.revoked_at !== undefined) return row;
      const seen = await this.#activeOf(userId);
      const active = seen.active.filter(({ key_id }) => key_id !== keyId);
      const end = {
        Update: {
          TableName: this.#table,
          Key: { access_key: row.access_key },
          UpdateExpression: "SET revoked_at = :now, expires_at = :forget",
          ConditionExpression: "user_id = :user AND attribute_not_exists(revoked_at)",
          ExpressionAttributeValues: { ":now": ends.revoked_at, ":forget": ends.expires_at, ":user": userId },
        },
      };
      if (await this.#transact([end, this.#replaceActive(userId, seen, active)], "revoking a key")) {
        return { ...row, ...ends };
      }
    }
    throw new TransientError("the keys are being changed by others");
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

  async #activeOf(userId: string): Promise<ActiveKeys> {
    const { Item } = await withSdkErrors("counting keys", () =>
      this.#client.send(
        new GetCommand({
          TableName: this.#table,
          Key: { access_key: accessKey("keys", userId) },
          ConsistentRead: true,
        }),
      ),
    );
    return Item ? ActiveKeysSchema.parse(Item) : { version: 0, active: [] };
  }

  /** The write of the keys that are not ended, which holds if they are as they were seen. */
  #replaceActive(userId: string, { version }: ActiveKeys, active: ActiveKeys["active"]) {
    return {
      Put: {
        TableName: this.#table,
        Item: { access_key: accessKey("keys", userId), version: version + 1, active },
        ...unchangedSince(version),
      },
    };
  }

  /** @returns false when a row is not as it was seen */
  async #transact(
    TransactItems: NonNullable<TransactWriteCommandInput["TransactItems"]>,
    doing: string,
  ): Promise<boolean> {
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (refusedItems(error).length > 0) return false;
      throw translateSdkError(error, doing);
    }
  }
}
