import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Channel } from "../../../core/live/channels.ts";
import { CONNECTION_SECONDS, UPDATE_INTERVAL_MS } from "../../../core/live/live-limits.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";

const PaceRowSchema = z.object({ sent_ms: z.number() });

/**
 * When a channel was sent an update last, in the `live-connections` table: so that it gets four a second at most, whichever
 * instances send them.
 */
export class UpdatePace {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Takes the right to send an update now.
   * @returns 0 when it is taken, else the milliseconds after which to try again
   * @throws TransientError
   */
  async take(channel: Channel, nowMs: number): Promise<number> {
    const call = randomUUID();
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { channel: `pace#${channel}`, connection_id: "pace" },
          UpdateExpression: "SET sent_ms = :now, expires_at = :end, last_call = :call",
          ConditionExpression: "attribute_not_exists(sent_ms) OR sent_ms <= :before",
          ExpressionAttributeValues: {
            ":now": nowMs,
            ":call": call,
            ":before": nowMs - UPDATE_INTERVAL_MS,
            ":end": Math.ceil(nowMs / 1_000) + CONNECTION_SECONDS,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return 0;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "taking the right to send an update");
      }
      const item = itemOnFailure(error);
      // The answer of the first attempt was lost, and the SDK has sent it again.
      if (item?.last_call === call) return 0;
      const row = PaceRowSchema.safeParse(item);
      const sentMs = row.success ? row.data.sent_ms : nowMs;
      // A clock that ran ahead must not hold updates up for longer than the interval.
      return Math.min(UPDATE_INTERVAL_MS, Math.max(1, sentMs + UPDATE_INTERVAL_MS - nowMs));
    }
  }
}
