import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { secondsAfterDays } from "../../../core/durations.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { groupKey, type WebhookKey, windowKey } from "./webhook-keys.ts";

/** A window is of no use after a day: streams keep their records no longer. */
const WINDOW_DAYS = 2;
/** Runs end long before. */
const GROUP_DAYS = 90;

const WindowSchema = z.object({
  keys: z.set(z.string()),
  closed_at_ms: z.number().optional(),
  announced: z.boolean().optional(),
});

const GroupSchema = z.object({ opened_at_ms: z.number() });

/** What a window holds once it is closed. */
export interface ClosedWindow {
  /** `<marketplace>#<asin>`. */
  readonly keys: readonly string[];
  /** Whether every endpoint has its delivery. */
  readonly announced: boolean;
}

/** What happened and is told of together or once, in the `webhooks` table. */
export class WebhookWindows {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Adds products to an open window; safe to repeat.
   * @returns the products that are not in it because it was closed without them; empty: all are in it
   * @throws TransientError
   */
  async add(window: string, productKeys: readonly string[], nowMs: number): Promise<readonly string[]> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: windowKey(window),
          UpdateExpression: "ADD #keys :keys SET expires_at = :end",
          ConditionExpression: "attribute_not_exists(closed_at_ms)",
          ExpressionAttributeNames: { "#keys": "keys" },
          ExpressionAttributeValues: { ":keys": new Set(productKeys), ":end": secondsAfterDays(nowMs, WINDOW_DAYS) },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return [];
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "noting products");
      const { keys } = WindowSchema.parse(itemOnFailure(error));
      return productKeys.filter((key) => !keys.has(key));
    }
  }

  /** Closes a window, so that what it holds stays the same. @returns undefined when there is none @throws TransientError */
  async close(window: string, nowMs: number): Promise<ClosedWindow | undefined> {
    const item = await this.#set(windowKey(window), "closed_at_ms = if_not_exists(closed_at_ms, :now)", {
      ":now": nowMs,
    });
    if (!item) return undefined;
    const { keys, announced = false } = WindowSchema.parse(item);
    return { keys: [...keys], announced };
  }

  /** Notes that every endpoint has its delivery of a window. @throws TransientError */
  async noteAnnounced(window: string): Promise<void> {
    await this.#set(windowKey(window), "announced = :true", { ":true": true });
  }

  /** Opens a group of failures, or finds that it is open. @returns when it was opened @throws TransientError */
  async openGroup(trackingId: string, groupId: string, nowMs: number): Promise<number> {
    const { Attributes } = await withSdkErrors("noting a group of failures", () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: groupKey(trackingId, groupId),
          UpdateExpression:
            "SET opened_at_ms = if_not_exists(opened_at_ms, :now), expires_at = if_not_exists(expires_at, :end)",
          ExpressionAttributeValues: { ":now": nowMs, ":end": secondsAfterDays(nowMs, GROUP_DAYS) },
          ReturnValues: "ALL_NEW",
        }),
      ),
    );
    return GroupSchema.parse(Attributes).opened_at_ms;
  }

  /** Sets fields of a row that is there. */
  async #set(
    key: WebhookKey,
    set: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: key,
          UpdateExpression: `SET ${set}`,
          ConditionExpression: "attribute_exists(webhook_key)",
          ExpressionAttributeValues: { ...values },
          ReturnValues: "ALL_NEW",
        }),
      );
      return Attributes;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw translateSdkError(error, "closing a window");
    }
  }
}
