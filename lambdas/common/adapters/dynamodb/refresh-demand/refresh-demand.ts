import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isoTime } from "../../../core/clock.ts";
import { DAY_MS } from "../../../core/durations.ts";
import type { Demand } from "../../../core/refresh/worth.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { writeAll } from "../parallel-writes.ts";

const WEEK_MS = 7 * DAY_MS;
/** Rows end so long after their last write. */
const KEPT_SECONDS = 30 * 86_400;
/** Weeks before the last one whose counts are dropped at a write; older ones are gone with their row. */
const DROPPED_WEEKS = [2, 3, 4, 5] as const;

const weekOf = (ms: number): number => Math.floor(ms / WEEK_MS);

/** What is known of a product besides its content. */
export interface KnownDemand extends Demand {
  /** When an attempt to fetch it failed last, epoch milliseconds; undefined: none did. */
  readonly failedAtMs: number | undefined;
}

const NOTHING: KnownDemand = { viewsPerDay: 0, changesPerDay: 0, failedAtMs: undefined };

/**
 * The `refresh-demand` table: how often products are read and seen to change, by week. One small row a product, apart from
 * the product, so that a view neither rewrites content nor reaches its stream. It holds counts, never content.
 */
export class RefreshDemand {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Counts that somebody read these products in this hour, once an hour each.
   * @param weight of a view, more than 1 where only every so-manieth is counted
   * @throws TransientError
   */
  async countViews(keys: readonly string[], nowMs: number, weight = 1): Promise<void> {
    const hour = isoTime(nowMs).slice(0, 13);
    await writeAll([...new Set(keys)], (key) => this.#add(key, "views", weight, nowMs, { viewed_hour: hour }));
  }

  /** Counts a change of each product. @throws TransientError */
  async countChanges(keys: readonly string[], nowMs: number): Promise<void> {
    await writeAll([...new Set(keys)], (key) => this.#add(key, "changes", 1, nowMs));
  }

  /** Remembers that these products could not be fetched. @throws TransientError */
  async noteFailed(keys: readonly string[], nowMs: number): Promise<void> {
    await withSdkErrors("noting products that could not be fetched", () =>
      writeAll([...new Set(keys)], (key) =>
        this.#client.send(
          new UpdateCommand({
            TableName: this.#table,
            Key: { product_key: key },
            UpdateExpression: "SET failed_at = :now, expires_at = :expires",
            ExpressionAttributeValues: { ":now": isoTime(nowMs), ":expires": expiryOf(nowMs) },
          }),
        ),
      ),
    );
  }

  /** Reads what is known of products; each gets an entry. @throws TransientError */
  async read(keys: readonly string[], nowMs: number): Promise<Map<string, KnownDemand>> {
    const distinct = [...new Set(keys)].map((product_key) => ({ product_key }));
    const items = await batchGet(this.#client, { table: this.#table, keys: distinct, doing: "reading demand" });
    const known = new Map(items.map((item) => [String(item.product_key), demandOf(item, nowMs)] as const));
    return new Map(keys.map((key) => [key, known.get(key) ?? NOTHING] as const));
  }

  /** Names its call, so that the SDK's repeat after a lost answer adds nothing. */
  async #add(
    key: string,
    what: "views" | "changes",
    count: number,
    nowMs: number,
    once?: { readonly viewed_hour: string },
  ): Promise<void> {
    const week = weekOf(nowMs);
    const dropped = DROPPED_WEEKS.map((ago) => `${what}_${week - ago}`);
    const names = Object.fromEntries(dropped.map((name, index) => [`#d${index}`, name]));
    const write = new UpdateCommand({
      TableName: this.#table,
      Key: { product_key: key },
      UpdateExpression: `SET last_call = :call, expires_at = :expires${once ? ", viewed_hour = :hour" : ""} ADD #now :count REMOVE ${Object.keys(names).join(", ")}`,
      ConditionExpression: once
        ? "attribute_not_exists(viewed_hour) OR viewed_hour <> :hour"
        : "attribute_not_exists(last_call) OR last_call <> :call",
      ExpressionAttributeNames: { "#now": `${what}_${week}`, ...names },
      ExpressionAttributeValues: {
        ":count": count,
        ":call": randomUUID(),
        ":expires": expiryOf(nowMs),
        ...(once ? { ":hour": once.viewed_hour } : {}),
      },
    });
    try {
      await this.#client.send(write);
    } catch (error) {
      // Somebody else counted this hour, or this very call did.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return;
      throw translateSdkError(error, `counting ${what} of products`);
    }
  }
}

const expiryOf = (nowMs: number): number => Math.ceil(nowMs / 1_000) + KEPT_SECONDS;

/** Counts of this week and the last one, over the days that they stand for. */
const demandOf = (item: Readonly<Record<string, unknown>>, nowMs: number): KnownDemand => {
  const week = weekOf(nowMs);
  const days = 7 + (nowMs - week * WEEK_MS) / DAY_MS;
  const count = (name: string): number => {
    const value = item[name];
    return typeof value === "number" ? value : 0;
  };
  const perDay = (what: string): number => (count(`${what}_${week}`) + count(`${what}_${week - 1}`)) / days;
  const failedAt = item.failed_at;
  return {
    viewsPerDay: perDay("views"),
    changesPerDay: perDay("changes"),
    failedAtMs: typeof failedAt === "string" ? Date.parse(failedAt) : undefined,
  };
};
