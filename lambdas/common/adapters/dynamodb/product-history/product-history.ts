import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { TransientError } from "../../../core/errors.ts";
import {
  type Change,
  ChangeSchema,
  type Latest,
  LatestSchema,
  unknownFrom,
  withChanges,
} from "../../../core/history/change.ts";
import { HistoryFieldSchema } from "../../../core/history/history-fields.ts";
import { type PriceHistory, PriceHistorySchema } from "../../../core/history/price-history.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import { isAsPut, sdkErrorName, withSdkErrors } from "../../aws/sdk-errors.ts";
import { settleAll } from "../../aws/settle-all.ts";
import { batchGet } from "../batch-get.ts";
import { queryUpTo } from "../query-pages.ts";
import { scanPage } from "../scan-page.ts";

/** Sort key of the row that says what was recorded last; it comes after every time. */
const LATEST = "latest";

/** Sort key of the prices that a source kept by itself; it comes after every time, too. */
const pricesOf = (source: SourceId): string => `prices#${source}`;

const PlaceSchema = z.object({ product_key: z.string(), changed_at_field: z.string() });

/** What was recorded last, by product key. A product without history is in neither. */
export interface LatestChanges {
  readonly known: ReadonlyMap<string, Latest>;
  /** Rows that have not their shape: what changed since cannot be found. */
  readonly unreadable: ReadonlyMap<string, Error>;
}

/** Recorded changes of a product. */
export interface RecordedChanges {
  /** In the order of time. */
  readonly changes: readonly Change[];
  /** Whether there are more before them. */
  readonly hasEarlier: boolean;
}

/**
 * The `product-history` table: a row for each change of a recorded field, and one for each product with what was recorded
 * last, so that a product that did not change costs no write. Prices that a source kept by itself are a row of their own.
 */
export class ProductHistory {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Reads what was recorded last. @throws TransientError */
  async latest(keys: readonly string[]): Promise<LatestChanges> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: [...new Set(keys)].map((product_key) => ({ product_key, changed_at_field: LATEST })),
      doing: "reading what was recorded last of products",
      consistent: true,
    });
    const known = new Map<string, Latest>();
    const unreadable = new Map<string, Error>();
    for (const item of items) {
      const row = LatestSchema.safeParse(item);
      if (row.success) known.set(String(item.product_key), row.data);
      else unreadable.set(String(item.product_key), row.error);
    }
    return { known, unreadable };
  }

  /**
   * Records changes. Safe to repeat: the same change is the same row.
   * @param latest what they were found against
   * @throws TransientError when another worker recorded meanwhile, so that they must be found anew
   */
  async record(productKey: string, latest: Latest, changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      const Item = { product_key: productKey, changed_at_field: `${change.changed_at}#${change.field}`, ...change };
      await withSdkErrors("recording a change of a product", () =>
        this.#client.send(new PutCommand({ TableName: this.#table, Item })),
      );
    }
    // Last: until it is written, the same changes are found again.
    const Item = { product_key: productKey, changed_at_field: LATEST, ...withChanges(latest, changes) };
    await withSdkErrors("recording what is known last of a product", async () => {
      try {
        await this.#client.send(
          new PutCommand({
            TableName: this.#table,
            Item,
            ConditionExpression: "attribute_not_exists(version) OR version = :seen",
            ExpressionAttributeValues: { ":seen": latest.version },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
      } catch (error) {
        if (isAsPut(error, Item)) return;
        if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw error;
        throw new TransientError("another worker recorded changes of the product meanwhile", { cause: error });
      }
    });
  }

  /**
   * Removes what a source said from 1 MB of the table: its changes, and what was recorded last where it is of the source or
   * nobody can say of whom; from now on it is not known. Safe to repeat.
   * @param after where the part begins; null: at the beginning of the table
   * @returns changes that were removed, where the next part begins (null at the end), and why some of this part could not be
   * removed
   * @throws TransientError when it cannot be read
   */
  async removeSource(
    source: SourceId,
    after: string | null,
    nowMs: number,
  ): Promise<{ readonly removed: number; readonly next: string | null; readonly fault?: unknown }> {
    const { items, next } = await scanPage(this.#client, {
      doing: "reading the history of products",
      TableName: this.#table,
      after: after === null ? null : PlaceSchema.parse(JSON.parse(after)),
    });
    const { results, fault } = await settleAll(items, async (item) => {
      const { product_key, changed_at_field } = PlaceSchema.parse(item);
      const isLatest = changed_at_field === LATEST;
      const latest = isLatest ? LatestSchema.safeParse(item).data : undefined;
      if (latest) {
        await this.#forget(product_key, latest, source, nowMs);
        return 0;
      }
      if (!isLatest && item.source !== source) return 0;
      const Key = { product_key, changed_at_field };
      await withSdkErrors("removing a recorded change", () =>
        this.#client.send(new DeleteCommand({ TableName: this.#table, Key })),
      );
      return isLatest ? 0 : 1;
    });
    return {
      removed: results.reduce((sum: number, one) => sum + one, 0),
      next: next === undefined ? null : JSON.stringify(next),
      fault,
    };
  }

  /** A product of which somebody records now is met again by the last pass of the revocation. */
  async #forget(productKey: string, latest: Latest, source: SourceId, nowMs: number): Promise<void> {
    const changes = Object.entries(latest.values).flatMap(([field, known]): Change[] =>
      known?.source === source ? [unknownFrom(HistoryFieldSchema.parse(field), known, nowMs)] : [],
    );
    if (changes.length > 0) await this.record(productKey, latest, changes);
  }

  /** Reads the prices that a source kept of a product, as they were fetched last. @throws TransientError */
  async prices(productKey: string, source: SourceId): Promise<PriceHistory | undefined> {
    const Key = { product_key: productKey, changed_at_field: pricesOf(source) };
    const { Item } = await withSdkErrors("reading prices that a source kept", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key })),
    );
    return PriceHistorySchema.safeParse(Item).data;
  }

  /** Writes them in place of those before. Safe to repeat. @throws TransientError */
  async savePrices(productKey: string, history: PriceHistory): Promise<void> {
    const Item = { product_key: productKey, changed_at_field: pricesOf(history.source), ...history };
    await withSdkErrors("writing prices that a source kept", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item })),
    );
  }

  /** Reads the newest changes of a product up to a time, at most `limit`. @throws TransientError */
  async list(productKey: string, until: string, limit: number): Promise<RecordedChanges> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "reading the history of a product",
        TableName: this.#table,
        KeyConditionExpression: "product_key = :key AND changed_at_field BETWEEN :first AND :until",
        ExpressionAttributeValues: { ":key": productKey, ":first": "0", ":until": `${until}#~` },
        ScanIndexForward: false,
      },
      limit,
    );
    return { changes: items.map((item) => ChangeSchema.parse(item)).reverse(), hasEarlier: next !== undefined };
  }
}
