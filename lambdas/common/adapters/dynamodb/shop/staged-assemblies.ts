import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, PutCommand, type PutCommandInput, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isoTime } from "../../../core/clock.ts";
import { TransientError } from "../../../core/errors.ts";
import type { Half, ShopEvent } from "../../../core/shop/shop-event.ts";
import type { ShopKey } from "../../../core/shop/shop-ids.ts";
import { STAGED_SECONDS, type StagedAssembly, StagedAssemblySchema } from "../../../core/shop/staged-assembly.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { batchDelete } from "../batch-delete.ts";
import { batchGet } from "../batch-get.ts";
import type { PageKey } from "../query-pages.ts";
import { scanPage } from "../scan-page.ts";

/** Tries at a row that others change or remove meanwhile. */
const TRIES = 5;

/** What is there of a product after an event, and whether the event's half was there before. */
export interface Staged {
  readonly row: StagedAssembly;
  readonly isRepeated: boolean;
}

/** Attribute by which a half sees that the other one is there. */
const flagOf = (half: Half): string => `has_${half}`;
/** Attribute with the call that staged a half, so that the SDK's repeat after a lost answer does not count as a second event. */
const callOf = (half: Half): string => `${half}_call`;

const OTHER: Readonly<Record<Half, Half>> = { caption: "thumbnails", thumbnails: "caption" };

type PutCondition = Pick<
  PutCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;
const NOTHING_STAGED: PutCondition = { ConditionExpression: "attribute_not_exists(video_id)" };
/** What is staged has this end still, or is gone. */
const stagedUntil = (end: number): PutCondition => ({
  ConditionExpression: "#ttl = :ended OR attribute_not_exists(#ttl)",
  ExpressionAttributeNames: { "#ttl": "ttl" },
  ExpressionAttributeValues: { ":ended": end },
});

/** The `assembly-staging` table: halves of products that wait for the other half. The first of each kind counts. */
export class StagedAssemblies {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Stages a half unless one of its kind is there already. Safe to repeat.
   * @param isFirst whether nothing was staged of the product when it was read: then a new row is tried first, which costs the table less
   * @throws TransientError
   */
  async stage(event: ShopEvent, nowMs: number, isFirst: boolean): Promise<Staged> {
    const first = isFirst ? await this.#put(event, nowMs, NOTHING_STAGED) : undefined;
    if (first) return { row: first, isRepeated: false };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const staged = await this.#add(event, nowMs);
      if (!("ended" in staged)) return staged;
      // Its time is over, though DynamoDB has not removed it yet: it makes room for a new one.
      const row = await this.#put(event, nowMs, stagedUntil(staged.ended.ttl));
      if (row) return { row, isRepeated: false };
    }
    throw new TransientError("staging half of a product failed for now: others change it all the time");
  }

  async #add({ half, key, content }: ShopEvent, nowMs: number): Promise<Staged | { readonly ended: StagedAssembly }> {
    const call = randomUUID();
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { ...key },
          // Each half leaves a flag of its own, from which the other one sees that both are there.
          UpdateExpression:
            "SET #call = :call, #half = :content, #flag = :true, is_complete = if_not_exists(#other, :false), first_seen_at = if_not_exists(first_seen_at, :now), #ttl = if_not_exists(#ttl, :ttl)",
          ConditionExpression: "attribute_not_exists(#half) AND (attribute_not_exists(#ttl) OR #ttl > :seconds)",
          ExpressionAttributeNames: {
            "#call": callOf(half),
            "#half": half,
            "#flag": flagOf(half),
            "#other": flagOf(OTHER[half]),
            "#ttl": "ttl",
          },
          ExpressionAttributeValues: {
            ":call": call,
            ":content": content,
            ":true": true,
            ":false": false,
            ":now": isoTime(nowMs),
            ":ttl": endOf(nowMs),
            ":seconds": Math.floor(nowMs / 1_000),
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { row: StagedAssemblySchema.parse(Attributes), isRepeated: false };
    } catch (error) {
      const item = itemOnFailure(error);
      if (!item) throw translateSdkError(error, "staging half of a product");
      const row = StagedAssemblySchema.parse(item);
      return row.ttl * 1_000 > nowMs ? { row, isRepeated: item[callOf(half)] !== call } : { ended: row };
    }
  }

  /** Stages a half as the only one of its product. Undefined when the condition does not hold, because another worker was faster. */
  async #put(event: ShopEvent, nowMs: number, condition: PutCondition): Promise<StagedAssembly | undefined> {
    const call = randomUUID();
    const Item = { ...rowOf(event, nowMs), [callOf(event.half)]: call };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ...condition,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return StagedAssemblySchema.parse(Item);
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "staging half of a product");
      }
      const item = itemOnFailure(error);
      return item?.[callOf(event.half)] === call ? StagedAssemblySchema.parse(item) : undefined;
    }
  }

  /** What is staged of products as of now, in any order, also what has ended. @param keys distinct @throws TransientError */
  async readMany(keys: readonly ShopKey[]): Promise<readonly StagedAssembly[]> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: keys.map(rowKey),
      doing: "reading staged products",
      consistent: true,
    });
    return items.map((item) => StagedAssemblySchema.parse(item));
  }

  /** Removes what is staged of products that are written. Safe to repeat. @param keys distinct @throws TransientError */
  async clear(keys: readonly ShopKey[]): Promise<void> {
    await batchDelete(this.#client, { table: this.#table, keys: keys.map(rowKey), doing: "clearing staged products" });
  }

  /**
   * Marks a row as an orphan, once. @param hour of the sweep
   * @returns the hour that it is marked with, and whether this call marked it; undefined when it is complete or gone by now
   */
  async markOrphan(
    key: ShopKey,
    hour: string,
  ): Promise<{ readonly hour: string; readonly isNew: boolean } | undefined> {
    const call = randomUUID();
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: rowKey(key),
          UpdateExpression: "SET orphaned_in = :hour, last_call = :call",
          ConditionExpression: "attribute_not_exists(orphaned_in) AND is_complete = :false",
          ExpressionAttributeValues: { ":hour": hour, ":false": false, ":call": call },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { hour, isNew: true };
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "marking an orphan");
      }
      const item = itemOnFailure(error);
      const before = item && StagedAssemblySchema.parse(item).orphaned_in;
      return before === undefined ? undefined : { hour: before, isNew: item?.last_call === call };
    }
  }

  /** Reads 1 MB of the table. @param after key to continue after; null: from the beginning */
  async readPage(
    after: PageKey | null,
  ): Promise<{ readonly rows: readonly StagedAssembly[]; readonly next: PageKey | null }> {
    const { items, next } = await scanPage(this.#client, {
      doing: "reading staged products",
      TableName: this.#table,
      ConsistentRead: true,
      after,
    });
    return { rows: items.map((item) => StagedAssemblySchema.parse(item)), next: next ?? null };
  }
}

/** A row's key, of whatever has one. */
const rowKey = ({ video_id, seller_handle }: ShopKey): { video_id: string; seller_handle: string } => ({
  video_id,
  seller_handle,
});

/** A row with one half, and the flag by which the other one sees it. */
const rowOf = ({ half, key, content }: ShopEvent, nowMs: number) => ({
  ...key,
  [half]: content,
  [flagOf(half)]: true,
  is_complete: false,
  first_seen_at: isoTime(nowMs),
  ttl: endOf(nowMs),
});

const endOf = (nowMs: number): number => Math.ceil(nowMs / 1_000) + STAGED_SECONDS;
