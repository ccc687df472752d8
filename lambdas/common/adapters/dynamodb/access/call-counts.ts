import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { accessKey } from "../../../core/access/access-row.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";

/** How long a count is kept after its time, milliseconds. */
const KEPT_MS = 60_000;

/** So many calls in so many milliseconds. */
export interface CallLimit {
  readonly calls: number;
  readonly windowMs: number;
}

/**
 * How often a key or a feed was called in the current window: rows `calls#<id>#<window>` of the table `access`, so that the limit
 * holds over all instances of all functions. A call costs one write.
 */
export class CallCounts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #limit: CallLimit;

  constructor(client: DynamoDBDocumentClient, tableName: string, limit: CallLimit) {
    this.#client = client;
    this.#table = tableName;
    this.#limit = limit;
  }

  /**
   * Counts a call.
   * @returns 0 when it may go on, else the milliseconds until the next window
   * @throws TransientError
   */
  async take(id: string, nowMs: number): Promise<number> {
    const { calls, windowMs } = this.#limit;
    const window = Math.floor(nowMs / windowMs);
    const endMs = (window + 1) * windowMs;
    const call = randomUUID();
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { access_key: accessKey("calls", `${id}#${window}`) },
          UpdateExpression: "SET last_call = :call, expires_at = :forget ADD calls :one",
          ConditionExpression: "attribute_not_exists(calls) OR (calls < :max AND last_call <> :call)",
          ExpressionAttributeValues: {
            ":call": call,
            ":forget": Math.ceil((endMs + KEPT_MS) / 1_000),
            ":one": 1,
            ":max": calls,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return 0;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "counting a call");
      // The answer of the first attempt was lost, and the SDK has sent it again.
      return itemOnFailure(error)?.last_call === call ? 0 : endMs - nowMs;
    }
  }
}
