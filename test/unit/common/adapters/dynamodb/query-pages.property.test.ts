import { PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchRangeReader } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-range-reader.ts";
import { BatchRowStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { CatalogStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/catalog-store.ts";
import { DeletedCatalogs } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { OrphanedRows } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { RunStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-store.ts";
import { UploadRows } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import { FailureStore } from "../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import { UPLOAD_DUE_SHARD } from "../../../../../lambdas/common/core/catalogs/upload-object.ts";
import type { ListPosition, Page } from "../../../../../lambdas/common/core/list-page.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { aBatch, aCatalog, aRun, NOON } from "../../../../helpers/rows.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { LIFECYCLE_TABLES } from "../../../../helpers/worlds/lifecycle/lifecycle-tables.ts";

const RUN = "enrich_cat_1_1";
const NOW = new Date(NOON).toISOString();
const at = (ms: number): string => new Date(NOON - 1_000 - ms).toISOString();
const ignore = () => {};
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

/** Tables with `count` rows in each list. */
const filled = async (count: number, nextPage: () => number) => {
  const tables = new MemoryDynamo(LIFECYCLE_TABLES, undefined, nextPage);
  const client = tables.client();
  const put = (TableName: keyof typeof LIFECYCLE_TABLES, Item: object) =>
    client.send(new PutCommand({ TableName, Item }));
  const id = (n: number) => String(n).padStart(7, "0");
  for (const n of numbers(count)) {
    await put("status", aCatalog({ catalog_id: `cat_${n}`, created_at: at(n) }));
    await put("status", { ...aCatalog({ catalog_id: `del_${n}`, user_id: "user-2" }), open_shard: "deleted" });
    await put("status", {
      ...aCatalog({ catalog_id: `due_${n}`, user_id: "user-3", state: "awaiting_upload" }),
      due_shard: UPLOAD_DUE_SHARD,
      due_at: at(n),
    });
    await put("status", aBatch({ batch_id: `${RUN}#${id(n)}`, number: n, due_shard: "1", due_at: at(n) }));
    await put("status", aRun({ catalog_id: `gone_${n}`, batch_id: `enrich_gone_${n}_1`, created_at: at(n) }));
    await put("failures", {
      ...{ tracking_id: RUN, product_key: `p${id(n)}`, catalog_id: "cat_1", batch_id: `${RUN}#0000001` },
      ...{ error_code: n % 3 === 0 ? "Timeout" : "NotFound", source: null, raw_code: "x", message: "words" },
      ...{ attempts: 0, failed_at: at(n), first_seen_at: at(n), ...(n % 4 === 0 ? { closed_at: NOW } : {}) },
    });
  }
  return { tables, client };
};

/** Reads page after page as a client does. */
const follow = async <Item>(read: (after: ListPosition | undefined) => Promise<Page<Item>>): Promise<Item[]> => {
  const items: Item[] = [];
  let after: ListPosition | undefined;
  do {
    const page: Page<Item> = await read(after);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
};

/** What every list of the product answers. */
const readAll = async (nextPage: () => number, count: number, limit: number) => {
  const { tables, client } = await filled(count, nextPage);
  const runs = new RunStore(client, "status");
  const batches = new BatchRowStore(client, "status");
  const failures = new FailureStore(client, "failures");
  const deleted = new DeletedCatalogs(client, "status");
  const orphans = new OrphanedRows(client, "status");
  const rowKeys: string[] = [];
  for await (const keys of deleted.rowKeys("cat_1")) rowKeys.push(...keys);
  const scanned: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const { rows, next } = await failures.scanOpen(RUN, { errorCodes: ["NotFound"], after });
    scanned.push(...rows.map(({ product_key }) => product_key));
    after = next;
    more = next !== undefined;
  }
  const ofCode: string[] = [];
  for (let after: Parameters<typeof failures.scanCode>[1]["after"], more = true; more; ) {
    const { keys, next } = await failures.scanCode(RUN, { error_code: "Timeout", since: at(1e6), after });
    ofCode.push(...keys.map(({ product_key }) => product_key));
    after = next;
    more = next !== undefined;
  }
  const lost = new Set<string>();
  for (let after: Awaited<ReturnType<typeof orphans.readSome>>["next"] = null, more = true; more; ) {
    const part = await orphans.readSome(after);
    for (const one of part.orphans) lost.add(one);
    after = part.next;
    more = after !== null;
  }
  const ids = (rows: readonly { catalog_id: string; batch_id: string }[]) => rows.map((r) => r.catalog_id + r.batch_id);
  const listed = {
    rowKeys,
    scanned,
    ofCode,
    orphans: [...lost].sort(),
    openRuns: ids(await runs.listOpenRuns(ignore)),
    batches: ids(await follow((after) => runs.listBatches("cat_1", RUN, { limit, after }))),
    range: ids(await new BatchRangeReader(client, "status").read("cat_1", RUN, 2, count)),
    unsettled: await batches.listUnsettled(RUN),
    due: ids(await batches.listDue(1, NOW, limit)),
    dueUploads: ids(await new UploadRows(client, "status").listDue(NOW, limit, ignore)),
    deleted: ids(await deleted.listDeleted(limit, ignore)),
    catalogs: (
      await follow((after) => new CatalogStore(client, "status", runs).listCatalogs("user-1", { limit, after }))
    ).map(({ catalog }) => catalog.catalog_id),
    failures: (await follow((after) => failures.listOpen(RUN, { limit, after }))).map((row) => row.product_key),
  };
  let removed = 0;
  for (let some = 1; some > 0; removed += some) some = await failures.removeSome(RUN, limit);
  return { ...listed, removed, left: tables.items("failures").length };
};

describe("a list of DynamoDB", () => {
  it("is read to its end, whatever its pages hold", async () => {
    const everything = () => Number.MAX_SAFE_INTEGER;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 14 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        async (count, limit, sizes) => {
          const paged = await readAll(() => sizes.next().value, count, limit);
          expect(paged).toEqual(await readAll(everything, count, limit));
          expect(paged).toMatchObject({ removed: count, left: 0 });
          expect(paged.orphans).toEqual(
            numbers(count)
              .map((n) => `gone_${n}`)
              .sort(),
          );
          expect(paged.rowKeys).toHaveLength(count + 1);
          expect([paged.openRuns, paged.batches, paged.unsettled, paged.catalogs].map((list) => list.length)).toEqual(
            Array(4).fill(count),
          );
          expect([paged.due, paged.dueUploads, paged.deleted].map((list) => list.length)).toEqual(
            Array(3).fill(Math.min(count, limit)),
          );
        },
      ),
      { numRuns: testRuns(40), seed: testSeed("pages of lists") },
    );
  });
});
