import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { scanPage } from "../scan-page.ts";
import { getRows } from "./get-rows.ts";

const KeySchema = z.object({ catalog_id: z.string(), batch_id: z.string() });
/** Key of a row of the status table. */
export type RowKey = z.infer<typeof KeySchema>;

/** The row that says how far a sweep is. No catalog has this id. */
const SWEEP_KEY = { catalog_id: "sweep", batch_id: "orphaned-rows" };

const SweepSchema = z.object({ after: KeySchema.nullable(), ended_at: z.iso.datetime().nullable() });
/** How far a pass over the whole table is: the row to continue after, or when it came to the end. Both null: not begun. */
export type Sweep = z.infer<typeof SweepSchema>;

/**
 * Finds rows of `enrichment-status` whose catalog has no row. A catalog's row is written before or together with all
 * others and removed last, so such rows are left of a removal that did not see them.
 */
export class OrphanedRows {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** How far the last sweep is. */
  async readSweep(): Promise<Sweep> {
    const { Item } = await withSdkErrors("reading the sweep", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: SWEEP_KEY, ConsistentRead: true })),
    );
    return Item ? SweepSchema.parse(Item) : { after: null, ended_at: null };
  }

  async saveSweep(sweep: Sweep): Promise<void> {
    await withSdkErrors("writing the sweep", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...SWEEP_KEY, ...sweep } })),
    );
  }

  /**
   * Reads 1 MB of the table. An index would cost every write for what is looked for once.
   * @param after row to continue after; null: from the beginning
   * @returns catalogs that the rows name and that have no row, and the row to continue after, null at the end
   */
  async readSome(after: RowKey | null): Promise<{ readonly orphans: readonly string[]; readonly next: RowKey | null }> {
    const { items, next } = await scanPage(this.#client, {
      doing: "looking for orphaned rows",
      TableName: this.#table,
      ProjectionExpression: "catalog_id",
      after,
    });
    const named = new Set(items.map((item) => String(item.catalog_id)));
    named.delete(SWEEP_KEY.catalog_id);
    const keys = [...named].map((catalog_id) => ({ catalog_id, batch_id: CATALOG_KEY }));
    const known = await getRows(this.#client, this.#table, keys, (item) => String(item.catalog_id));
    for (const id of known) named.delete(id);
    return { orphans: [...named], next: next ? KeySchema.parse(next) : null };
  }
}
