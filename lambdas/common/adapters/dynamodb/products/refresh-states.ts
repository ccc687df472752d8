import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isKept, type RefreshState, refreshStateOf } from "../../../core/refresh/refresh-state.ts";
import { batchGet } from "../batch-get.ts";
import type { ReadRights } from "./product-reader.ts";
import { parseStoredRow } from "./stored-row.ts";

/** Reads by which times stored products are refreshed. It gives out keys and times, never content. */
export class RefreshStates {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rights: Pick<ReadRights, "licences" | "clock">;

  constructor(client: DynamoDBDocumentClient, tableName: string, rights: Pick<ReadRights, "licences" | "clock">) {
    this.#client = client;
    this.#table = tableName;
    this.#rights = rights;
  }

  /**
   * Reads the products of a list that the refresh keeps. Left out are those that are not stored, drafts, those whose time in
   * the refresh is over, and those that cannot be read.
   * @throws TransientError
   */
  async read(keys: readonly string[]): Promise<RefreshState[]> {
    const { licences, clock } = this.#rights;
    const distinct = [...new Set(keys)].map((product_key) => ({ product_key }));
    const items = await batchGet(this.#client, { table: this.#table, keys: distinct, doing: "reading what is due" });
    const nowMs = clock.now();
    return items.flatMap((item) => {
      const product = parseStoredRow(item);
      const until = typeof item.refresh_until === "string" ? item.refresh_until : undefined;
      return product.success && isKept(product.data, until, nowMs) ? [refreshStateOf(product.data, licences)] : [];
    });
  }
}
