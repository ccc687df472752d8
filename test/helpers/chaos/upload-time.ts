import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type CatalogRow, CatalogRowSchema } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import type { StormWorld } from "./storm-world.ts";

/** A reader tells its progress every two seconds and renews its lease in time, so that one which does neither is dead. */
const DEAD_AFTER_MS = 10_000;

/** What the passing of time does to files that are put and not read: the hour of the next recheck comes, leases end. */
export class UploadTime {
  readonly #seen = new Map<string, { readonly row: string; readonly atMs: number }>();

  /** @returns whether `reconcile` has something to look at now */
  async pass(world: StormWorld): Promise<boolean> {
    let isDue = false;
    for (const catalogId of world.unread) {
      const Key = { catalog_id: catalogId, batch_id: "catalog" };
      const TableName = world.stack.outputs.tables["enrichment-status"];
      const { Item } = await world.documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      const row = CatalogRowSchema.parse(Item);
      if (!this.#waits(row)) continue;
      const past = new Date(Date.now() - 1_000).toISOString();
      const aged = world.documents.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: "SET due_at = :past, ingest.lease_until = :past",
          ConditionExpression: "due_at = :due",
          ExpressionAttributeValues: { ":past": past, ":due": row.due_at },
        }),
      );
      await aged.catch((error: unknown) => {
        // Somebody did something meanwhile.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
      isDue = true;
    }
    return isDue;
  }

  #waits(row: CatalogRow): boolean {
    if (row.due_at === undefined) return false;
    if (row.state === "awaiting_upload") return true;
    const now = JSON.stringify(row);
    const before = this.#seen.get(row.catalog_id);
    if (before?.row === now) return Date.now() - before.atMs > DEAD_AFTER_MS;
    this.#seen.set(row.catalog_id, { row: now, atMs: Date.now() });
    return false;
  }
}
