import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { isoTime } from "../../../core/clock.ts";
import { type Page, type PageRequest, pageAfter } from "../../../core/list-page.ts";
import {
  type Delivery,
  DeliverySchema,
  type DeliveryState,
  deliveryEnds,
  MESSAGE_LOST_AFTER_MS,
} from "../../../core/webhooks/delivery.ts";
import { isAsPut, itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";
import { deliveriesOf } from "./webhook-keys.ts";

/** Parts of the index of what is due, so that no partition of it gets every write. */
export const DUE_SHARDS = 4;
/** Pages of 1 MB that one request reads at most before it answers with what it found. */
const MAX_PAGES = 4;
/** Longer than the function lives: after it nobody works on an attempt any more. */
const LEASE_MS = 90_000;

/** Which delivery. */
export type DeliveryKey = Pick<Delivery, "webhook_id" | "delivery_id">;

const keyOf = ({ webhook_id, delivery_id }: DeliveryKey) => ({
  webhook_key: deliveriesOf(webhook_id),
  entry_key: delivery_id,
});

/** A shard that follows from the key. */
const shardOf = ({ delivery_id }: DeliveryKey): string => String(delivery_id.charCodeAt(29) % DUE_SHARDS);

/** Keys of the index only: a row with anything else wrong must not keep its shard from being listed. */
const DueKeySchema = z.object({ webhook_key: z.string(), entry_key: z.string(), due_at: z.string() });
/** What tells whose a write was. */
const StoredSchema = z.looseObject({
  held_by: z.string().optional(),
  recorded_by: z.string().optional(),
  due_at: z.string().optional(),
  attempts: z.number().optional(),
});
type Stored = z.infer<typeof StoredSchema>;

/** How an attempt changes its delivery. */
export type Settled = Pick<Delivery, "state" | "log" | "finished_at" | "due_at">;

/** Deliveries in the `webhooks` table: one row for each event and endpoint. */
export class WebhookDeliveries {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Writes a new delivery. @returns false when it is there already @throws TransientError */
  async create(delivery: Delivery): Promise<boolean> {
    const row = { ...keyOf(delivery), ...delivery, due_shard: shardOf(delivery), expires_at: deliveryEnds(delivery) };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: row,
          ConditionExpression: "attribute_not_exists(entry_key)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "writing a delivery");
      // The answer of the first attempt was lost, and the SDK has sent it again.
      return isAsPut(error, row);
    }
  }

  /** Undefined when there is none, or its time is over. @throws TransientError */
  async get(key: DeliveryKey, nowMs: number): Promise<Delivery | undefined> {
    const { Item } = await withSdkErrors("reading a delivery", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: keyOf(key), ConsistentRead: true })),
    );
    const delivery = Item ? DeliverySchema.parse(Item) : undefined;
    return delivery && deliveryEnds(delivery) > nowMs / 1_000 ? delivery : undefined;
  }

  /**
   * Deliveries of an endpoint, the newest event first. A page may hold fewer than `limit` although more follows.
   * @throws TransientError
   */
  async list(
    webhookId: string,
    state: DeliveryState | undefined,
    { limit, after }: PageRequest,
    nowMs: number,
  ): Promise<Page<Delivery>> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "listing deliveries",
        TableName: this.#table,
        KeyConditionExpression: "webhook_key = :endpoint",
        FilterExpression: `expires_at > :now${state === undefined ? "" : " AND #state = :state"}`,
        ...(state === undefined ? {} : { ExpressionAttributeNames: { "#state": "state" } }),
        ExpressionAttributeValues: {
          ":endpoint": deliveriesOf(webhookId),
          ":now": Math.floor(nowMs / 1_000),
          ...(state === undefined ? {} : { ":state": state }),
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        after,
      },
      limit,
      MAX_PAGES,
    );
    return pageAfter(
      items.map((item) => DeliverySchema.parse(item)),
      next,
    );
  }

  /**
   * Begins an attempt: of several who try, one gets the delivery. An attempt whose worker died is over after a lease.
   * @param attempts how many had been begun, as the message says
   * @returns undefined when the delivery is settled, further or being worked on
   * @throws TransientError
   */
  async begin(key: DeliveryKey, attempts: number, worker: string, nowMs: number): Promise<Delivery | undefined> {
    const item = await this.#update(key, ({ held_by }) => held_by === worker, {
      set: "held_by = :worker, held_until_ms = :until, attempts = :next, due_at = :due, due_shard = :shard",
      condition:
        "#state = :pending AND attempts = :attempts AND (attribute_not_exists(held_until_ms) OR held_until_ms <= :now)",
      values: {
        ":worker": worker,
        ":until": nowMs + LEASE_MS,
        ":next": attempts + 1,
        ":due": isoTime(nowMs + LEASE_MS),
        ":shard": shardOf(key),
        ":pending": "pending",
        ":attempts": attempts,
        ":now": nowMs,
      },
    });
    return item && DeliverySchema.parse(item);
  }

  /** Writes how an attempt ended that this worker began. @returns false when its lease was over @throws TransientError */
  async settle(key: DeliveryKey, worker: string, { state, log, finished_at, due_at }: Settled): Promise<boolean> {
    const isOpen = due_at !== undefined;
    const item = await this.#update(key, ({ recorded_by }) => recorded_by === worker, {
      set: `#state = :state, #log = :log, finished_at = :finished, recorded_by = :worker${isOpen ? ", due_at = :due" : ""}`,
      remove: isOpen ? "held_by, held_until_ms" : "held_by, held_until_ms, due_at, due_shard",
      condition: "held_by = :worker",
      names: { "#log": "log" },
      values: {
        ":state": state,
        ":log": log,
        ":finished": finished_at,
        ":worker": worker,
        ...(isOpen ? { ":due": due_at } : {}),
      },
    });
    return item !== undefined;
  }

  /**
   * Lets a delivery that nobody works on wait until a time.
   * @param seen when it was due so far; undefined: whenever
   * @returns false when it is settled, further, worked on, or due at another time
   * @throws TransientError
   */
  async postpone(
    key: DeliveryKey,
    attempts: number,
    { dueMs, nowMs, seen }: { readonly dueMs: number; readonly nowMs: number; readonly seen?: string },
  ): Promise<boolean> {
    const isDone = (item: Stored) => item.due_at === isoTime(dueMs) && item.attempts === attempts;
    const item = await this.#update(key, isDone, {
      set: "due_at = :due",
      condition: `#state = :pending AND attempts = :attempts AND (attribute_not_exists(held_until_ms) OR held_until_ms <= :now)${seen === undefined ? "" : " AND due_at = :seen"}`,
      values: {
        ":due": isoTime(dueMs),
        ":pending": "pending",
        ":attempts": attempts,
        ":now": nowMs,
        ...(seen === undefined ? {} : { ":seen": seen }),
      },
    });
    return item !== undefined;
  }

  /** Opens a settled delivery again, with a new row of attempts. @returns undefined when it is pending @throws TransientError */
  async reopen(seen: Delivery, nowMs: number): Promise<Delivery | undefined> {
    const due_at = isoTime(nowMs + MESSAGE_LOST_AFTER_MS);
    const isDone = (item: Stored) => item.due_at === due_at && item.attempts === seen.attempts;
    const item = await this.#update(seen, isDone, {
      set: "#state = :pending, finished_at = :null, resent_at_attempt = attempts, due_at = :due, due_shard = :shard",
      condition: "#state <> :pending AND attempts = :attempts",
      values: {
        ":pending": "pending",
        ":null": null,
        ":attempts": seen.attempts,
        ":due": due_at,
        ":shard": shardOf(seen),
      },
    });
    return item && DeliverySchema.parse(item);
  }

  /** Keys of deliveries that are due, of one shard, the longest first. @throws TransientError */
  async due(shard: number, nowMs: number, limit: number): Promise<(DeliveryKey & { readonly due_at: string })[]> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "reading what deliveries are due",
        TableName: this.#table,
        IndexName: "due-deliveries",
        KeyConditionExpression: "due_shard = :shard AND due_at <= :now",
        ExpressionAttributeValues: { ":shard": String(shard), ":now": isoTime(nowMs) },
      },
      limit,
    );
    return items.map((item) => {
      const { webhook_key, entry_key, due_at } = DueKeySchema.parse(item);
      return { webhook_id: webhook_key.slice(deliveriesOf("").length), delivery_id: entry_key, due_at };
    });
  }

  /**
   * One conditional update, which names `#state`. @param isDone whether the row is as this write leaves it, whose answer may have been lost
   * @returns the row as it is then; undefined when the condition does not hold
   */
  async #update(
    key: DeliveryKey,
    isDone: (item: Stored) => boolean,
    change: {
      readonly set: string;
      readonly remove?: string;
      readonly condition: string;
      readonly names?: Readonly<Record<string, string>>;
      readonly values: Readonly<Record<string, unknown>>;
    },
  ): Promise<Record<string, unknown> | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(key),
          UpdateExpression: `SET ${change.set}${change.remove === undefined ? "" : ` REMOVE ${change.remove}`}`,
          ConditionExpression: change.condition,
          ExpressionAttributeNames: { "#state": "state", ...change.names },
          ExpressionAttributeValues: { ...change.values },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return Attributes;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException")
        throw translateSdkError(error, "writing a delivery");
      const item = itemOnFailure(error);
      // The answer of the first attempt was lost, and the SDK has sent it again.
      return isDone(StoredSchema.parse(item ?? {})) ? item : undefined;
    }
  }
}
