import { expect, it } from "vitest";
import type { CatalogRow } from "../../../../../lambdas/common/core/catalogs/catalog-row.ts";
import {
  type RemoveCatalogDeps,
  removeCatalog,
} from "../../../../../lambdas/common/services/lifecycle/remove-catalog.ts";
import { aCatalog, NOON } from "../../../../helpers/rows.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();

/** Removes a catalog without runs. @returns whether it is gone, and what was removed in order */
const remove = async (catalog: CatalogRow) => {
  const removed: string[] = [];
  const deps = {
    deleted: {
      rowKeys: async function* () {
        yield ["catalog"];
      },
      removeRow: async (_: string, key: string) => void removed.push(key),
    },
    objects: { remove: async () => void removed.push("files") },
    clock: { now: () => NOON, sleep: async () => {} },
  } as unknown as RemoveCatalogDeps;
  return { isGone: await removeCatalog(deps, catalog, NOON + 20_000), removed };
};

it("a deleted catalog goes with its files, its own row last", async () => {
  expect(await remove(aCatalog({ tracking_id: null }))).toEqual({ isGone: true, removed: ["files", "catalog"] });
});

it("a deleted catalog whose file is being read stays until the reader is gone, which may still write", async () => {
  const reading = (leaseEndsMs: number) =>
    aCatalog({
      tracking_id: null,
      state: "ingesting",
      ingest: { attempt: 1, lease_until: iso(leaseEndsMs), bytes_read: 0 },
    });
  expect(await remove(reading(1))).toEqual({ isGone: false, removed: [] });
  expect(await remove(reading(-1))).toEqual({ isGone: true, removed: ["files", "catalog"] });
});
