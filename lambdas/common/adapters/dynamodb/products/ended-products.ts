import { randomUUID } from "node:crypto";
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
import { settleAll } from "../../aws/settle-all.ts";
import { batchGet } from "../batch-get.ts";
import { scanPage } from "../scan-page.ts";
import type { ReadRights } from "./product-reader.ts";
import { ORIGIN_NAMES, parseStoredRow, readOrigins, storedRow } from "./stored-row.ts";

type Item = Record<string, unknown>;

/** What is made of an item as it was read. */
interface Change {
  /** The source of each field that goes. */
  readonly sources: SourceId[];
  /** Whether an item that is not as it was read is what this write made. */
  readonly isMine: (stored: Item | undefined) => boolean;
  readonly write: (condition: {
    readonly ConditionExpression: string;
    readonly ReturnValuesOnConditionCheckFailure: "ALL_OLD";
    readonly ExpressionAttributeValues?: Item;
  }) => Promise<unknown>;
}

/** What a sweep took out of the table. */
export interface SweptProducts {
  /** Products that lost a field or the name of a raw answer, or that could not be read and are gone. */
  readonly products: number;
  /** Fields by the source that they were from. */
  readonly fields: Readonly<Partial<Record<SourceId, number>>>;
  /** Products by the source of which they lost a field. */
  readonly holders: Readonly<Partial<Record<SourceId, number>>>;
  /** Why some of them were not looked at, a TransientError as a rule; undefined: all were. */
  readonly fault?: unknown;
}

/** Removes content whose licence has ended, or whose source is revoked, from the `products` table; what is ours stays. */
export class EndedProducts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rights: Pick<ReadRights, "licences" | "clock">;

  constructor(client: DynamoDBDocumentClient, tableName: string, rights: Pick<ReadRights, "licences" | "clock">) {
    this.#client = client;
    this.#table = tableName;
    this.#rights = rights;
  }

  /**
   * Removes what ended from these products, with the names of the raw answers that it came from. One that was written since it
   * was read is left alone: its end is noted anew. Safe to repeat.
   * @param revoked sources of which everything goes
   * @returns what went, also when not all of them could be written
   * @throws TransientError when they cannot be read
   */
  async sweep(keys: readonly string[], revoked: RevokedSources): Promise<SweptProducts> {
    const distinct = [...new Set(keys)].map((product_key) => ({ product_key }));
    const doing = "reading products whose content ended";
    const items = await batchGet(this.#client, { table: this.#table, keys: distinct, doing, consistent: true });
    const fields: Partial<Record<SourceId, number>> = {};
    const holders: Partial<Record<SourceId, number>> = {};
    let products = 0;
    const { results, fault } = await settleAll(items, (item) => this.#sweepItem(item, revoked));
    for (const sources of results) {
      if (sources === undefined) continue;
      products += 1;
      for (const source of sources) fields[source] = (fields[source] ?? 0) + 1;
      for (const source of new Set(sources)) holders[source] = (holders[source] ?? 0) + 1;
    }
    return { products, fields, holders, fault };
  }

  /** @returns the source of each field that was removed; undefined when nothing was */
  async #sweepItem(first: Item, revoked: RevokedSources): Promise<SourceId[] | undefined> {
    let item: Item | undefined = first;
    // Only sweeps leave `updated_at` as it is, and each removes something, so that this ends.
    while (item !== undefined && item.updated_at === first.updated_at) {
      const change = this.#changeOf(item, revoked);
      if (change === undefined) return undefined;
      const { isDone, stored } = await this.#unlessWritten(item, change);
      if (isDone) return change.sources;
      item = stored;
    }
    return undefined;
  }

  /** What must become of an item; undefined: it may stay as it is. */
  #changeOf(item: Item, revoked: RevokedSources): Change | undefined {
    // Only what is remembered of who does not have it.
    if (item.status === undefined) return undefined;
    const Key = { product_key: item.product_key };
    const parsed = parseStoredRow(item);
    if (!parsed.success) {
      // What cannot be read counts as not stored, and nobody can say what may be kept of it.
      return {
        sources: [],
        isMine: (stored) => stored === undefined,
        write: (condition) => this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ...condition })),
      };
    }
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
    const sweep_call = randomUUID();
    const changes = Object.entries({ ...row.set, sweep_call });
    const names = [...changes.map(([name]) => name), ...row.remove];
    return {
      sources,
      isMine: (stored) => stored?.sweep_call === sweep_call,
      write: (condition) =>
        this.#client.send(
          new UpdateCommand({
            TableName: this.#table,
            Key,
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
    };
  }

  /**
   * Writes what is made of an item as it was read. A sweep leaves `updated_at` as it is and names itself in `sweep_call`: of
   * two at once the later one would bring back what the other removed.
   * @returns whether it is written, and the item as somebody else has written or swept it since it was read
   */
  async #unlessWritten(
    { updated_at, sweep_call }: Item,
    { isMine, write }: Change,
  ): Promise<{ readonly isDone: boolean; readonly stored?: Item | undefined }> {
    const seen = Object.entries({ updated_at, sweep_call });
    const known = seen.filter(([, value]) => value !== undefined);
    try {
      await write({
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ConditionExpression: seen
          .map(([name, value]) => (value === undefined ? `attribute_not_exists(${name})` : `${name} = :seen_${name}`))
          .join(" AND "),
        ...(known.length > 0
          ? { ExpressionAttributeValues: Object.fromEntries(known.map(([name, value]) => [`:seen_${name}`, value])) }
          : {}),
      });
      return { isDone: true };
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "removing content that ended");
      }
      const stored = itemOnFailure(error);
      // The first attempt has written it, and its answer was lost.
      return { isDone: isMine(stored), stored };
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
