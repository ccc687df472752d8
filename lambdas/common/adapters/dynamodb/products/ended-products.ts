import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { withoutRaw } from "../../../core/licences/revocations/without-raw.ts";
import {
  type RevokedSources,
  revokedFields,
  withoutRevoked,
} from "../../../core/licences/revocations/without-revoked.ts";
import { endedFields, withoutEnded } from "../../../core/licences/without-ended.ts";
import type { Product } from "../../../core/products/product.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import { itemOnFailure, sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { writeAll } from "../parallel-writes.ts";
import { scanPage } from "../scan-page.ts";
import type { ReadRights } from "./product-reader.ts";
import { ORIGIN_NAMES, parseStoredRow, readOrigins, storedRow } from "./stored-row.ts";

/** What a sweep took out of the table. */
export interface SweptProducts {
  /** Products that lost a field or the name of a raw answer, or that could not be read and are gone. */
  readonly products: number;
  /** Fields by the source that they were from. */
  readonly fields: Readonly<Partial<Record<SourceId, number>>>;
  /** Products by the source of which they lost a field. */
  readonly holders: Readonly<Partial<Record<SourceId, number>>>;
}

/** Removes content whose licence has ended, or whose source is revoked, from the `products` table; what is ours stays. */
export class EndedProducts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rights: ReadRights;

  constructor(client: DynamoDBDocumentClient, tableName: string, rights: ReadRights) {
    this.#client = client;
    this.#table = tableName;
    this.#rights = rights;
  }

  /**
   * Removes what ended from these products, with the names of the raw answers that it came from. One that was written
   * meanwhile is left alone: its end is noted anew. Safe to repeat.
   * @param revoked sources of which everything goes. @default those that are known to be revoked
   * @throws TransientError
   */
  async sweep(keys: readonly string[], revoked?: RevokedSources): Promise<SweptProducts> {
    const gone = revoked ?? (await this.#rights.revoked());
    const distinct = [...new Set(keys)].map((product_key) => ({ product_key }));
    const doing = "reading products whose content ended";
    const items = await batchGet(this.#client, { table: this.#table, keys: distinct, doing, consistent: true });
    const fields: Partial<Record<SourceId, number>> = {};
    const holders: Partial<Record<SourceId, number>> = {};
    let products = 0;
    for (const sources of await writeAll(items, (item) => this.#sweepItem(item, gone))) {
      if (sources === undefined) continue;
      products += 1;
      for (const source of sources) fields[source] = (fields[source] ?? 0) + 1;
      for (const source of new Set(sources)) holders[source] = (holders[source] ?? 0) + 1;
    }
    return { products, fields, holders };
  }

  /** @returns the source of each field that was removed; undefined when nothing was */
  async #sweepItem(item: Record<string, unknown>, revoked: RevokedSources): Promise<SourceId[] | undefined> {
    // Only what is remembered of who does not have it.
    if (item.status === undefined) return undefined;
    const parsed = parseStoredRow(item);
    if (!parsed.success) return this.#removeUnreadable(item);
    const product = parsed.data;
    const { licences, clock } = this.#rights;
    const nowMs = clock.now();
    const gone = [...new Set([...endedFields(product, licences, nowMs), ...revokedFields(product, revoked)])];
    const { rawKeys } = parsed;
    const namesRevoked = withoutRaw(rawKeys, revoked).length < rawKeys.length;
    if (gone.length === 0 && !namesRevoked) return undefined;
    const sources = gone.flatMap((field) => product.provenance[field]?.source ?? []);
    const left = withoutRevoked(withoutEnded(product, licences, nowMs), revoked, nowMs);
    const row = storedRow(left, withoutRaw(rawKeys, new Set([...sources, ...revoked])));
    const changes = Object.entries(row.set);
    const names = [...changes.map(([name]) => name), ...row.remove];
    const written = await this.#unlessWritten(item, (condition) =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { product_key: item.product_key },
          UpdateExpression: `SET ${changes.map((_, index) => `#f${index} = :f${index}`).join(", ")} REMOVE ${row.remove
            .map((_, index) => `#f${changes.length + index}`)
            .join(", ")}`,
          ...condition,
          ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#f${index}`, name])),
          ExpressionAttributeValues: {
            ...condition.ExpressionAttributeValues,
            ...Object.fromEntries(changes.map(([, value], index) => [`:f${index}`, value])),
          },
        }),
      ),
    );
    return written ? sources : undefined;
  }

  /** What cannot be read counts as not stored, and nobody can say what may be kept of it. */
  async #removeUnreadable(item: Record<string, unknown>): Promise<SourceId[] | undefined> {
    const removed = await this.#unlessWritten(item, (condition) =>
      this.#client.send(
        new DeleteCommand({ TableName: this.#table, Key: { product_key: item.product_key }, ...condition }),
      ),
    );
    return removed ? [] : undefined;
  }

  /** @returns false when the item has been written since it was read */
  async #unlessWritten(
    { updated_at }: Record<string, unknown>,
    write: (condition: {
      readonly ConditionExpression: string;
      readonly ReturnValuesOnConditionCheckFailure: "ALL_OLD";
      readonly ExpressionAttributeValues?: Record<string, unknown>;
    }) => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await write({
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...(updated_at === undefined
          ? { ConditionExpression: "attribute_not_exists(updated_at)" }
          : { ConditionExpression: "updated_at = :seen", ExpressionAttributeValues: { ":seen": updated_at } }),
      });
      return true;
    } catch (error) {
      // An item that is gone was removed by the first attempt, whose answer was lost.
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return itemOnFailure(error) === undefined;
      throw translateSdkError(error, "removing content that ended");
    }
  }

  /**
   * Reads where the fields of products came from, of as many products as are in 1 MB of the table. No field is given out.
   * @param after key to continue after; null: from the beginning
   * @returns the key to continue after; null at the end
   */
  async readOrigins(after: string | null): Promise<{
    readonly origins: readonly Pick<Product, "provenance">[];
    readonly next: string | null;
  }> {
    const { items, next } = await scanPage(this.#client, {
      doing: "counting products",
      TableName: this.#table,
      ProjectionExpression: ["product_key", ...ORIGIN_NAMES].join(", "),
      after: after === null ? null : { product_key: after },
    });
    return {
      // What cannot be read counts for nothing; the next sweep removes it.
      origins: items.flatMap((item) => readOrigins(item) ?? []),
      next: next === undefined ? null : String(next.product_key),
    };
  }

  /**
   * Reads keys of the table, as many as are in 1 MB of it.
   * @param after key to continue after; null: from the beginning
   * @returns the key to continue after; null at the end
   */
  async readKeys(after: string | null): Promise<{ readonly keys: readonly string[]; readonly next: string | null }> {
    const { items, next } = await scanPage(this.#client, {
      doing: "reading the keys of products",
      TableName: this.#table,
      ProjectionExpression: "product_key",
      after: after === null ? null : { product_key: after },
    });
    return {
      keys: items.map(({ product_key }) => String(product_key)),
      next: next === undefined ? null : String(next.product_key),
    };
  }
}
