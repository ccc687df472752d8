import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { secondsAfterDays } from "../../../core/durations.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { turnKey } from "./webhook-keys.ts";

const TurnSchema = z.object({ taken_ms: z.number(), last_call: z.string() });

/** What an endpoint gets at most once in a time: products, and any attempt while it fails. */
export type TurnKind = "products" | "probe";

/** Whose turn it is, in the `webhooks` table, over all workers. */
export class WebhookTurns {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Takes the one turn of an interval.
   * @returns 0 when it is taken, else the milliseconds after which to try again
   * @throws TransientError
   */
  async take(webhookId: string, kind: TurnKind, intervalMs: number, nowMs: number): Promise<number> {
    const call = randomUUID();
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: turnKey(webhookId, kind),
          UpdateExpression: "SET taken_ms = :now, last_call = :call, expires_at = :end",
          ConditionExpression: "attribute_not_exists(taken_ms) OR taken_ms <= :before",
          ExpressionAttributeValues: {
            ":now": nowMs,
            ":call": call,
            ":before": nowMs - intervalMs,
            ":end": secondsAfterDays(nowMs, 1),
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return 0;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "taking a turn");
      const row = TurnSchema.safeParse(itemOnFailure(error));
      // The answer of the first attempt was lost, and the SDK has sent it again.
      if (row.data?.last_call === call) return 0;
      // A clock that ran ahead must not hold anything up for longer than the interval.
      return Math.min(intervalMs, Math.max(1, (row.data?.taken_ms ?? nowMs) + intervalMs - nowMs));
    }
  }
}
