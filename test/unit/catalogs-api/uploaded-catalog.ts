import { createApp } from "../../../lambdas/catalogs-api/app.ts";
import { PRODUCT_FIELDS, type Product, ProductSchema } from "../../../lambdas/common/core/products/product.ts";
import { fakeDeps, signedIn } from "./fake-deps.ts";

const NOW = "2026-08-01T12:00:00.000Z";
/** A stored product of `www.amazon.com`. @param overall its quality */
export const storedProduct = (asin: string, current_price: string | null, overall: number): Product =>
  ProductSchema.parse({
    ...Object.fromEntries(PRODUCT_FIELDS.map((field) => [field, null])),
    current_price,
    product_id: `www.amazon.com#${asin}`,
    asin,
    marketplace: "www.amazon.com",
    status: "active",
    missing: [],
    provenance: {},
    quality: { overall, completeness: 1, accuracy: 1, freshness: 1, reasons: [] },
    stale: false,
    expired_at: null,
    simulated: false,
    last_refresh_at: NOW,
    last_available_at: null,
    created_at: NOW,
    updated_at: NOW,
  });

/** The API with an uploaded catalog of `rows` products of user `u1`, and batches of its run as a test adds them. */
export const uploadedCatalog = async (query = "", rows = 45) => {
  const { deps, world } = fakeDeps();
  const app = createApp(deps);
  const csv = `asin\n${Array.from({ length: rows }, (_, index) => `B0${String(index).padStart(8, "0")}`).join("\n")}\nbad\n`;
  const response = await app.request(
    `/api/v1/catalogs${query}`,
    { method: "POST", body: csv, headers: { "content-type": "text/csv" } },
    signedIn("u1"),
  );
  const { catalog_id: id, tracking_id: tracking } = await response.json();
  const get = async (path: string, user = "u1") => {
    const answer = await app.request(`/api/v1/catalogs${path}`, {}, signedIn(user));
    return { status: answer.status, body: await answer.json() };
  };
  const addBatch = (number: number, from: number, count: number, state: "enriched" | "failed" | "pending") => {
    world.batches.push({
      catalog_id: id,
      batch_id: `${tracking}#${String(number).padStart(7, "0")}`,
      row_type: "batch",
      tracking_id: tracking,
      number,
      owner_id: "u1",
      marketplace: "www.amazon.com",
      correlation_id: "correlation",
      state: "running",
      items: Array.from({ length: count }, (_, index) => ({
        asin: `B0${String(from + index).padStart(8, "0")}`,
        sku: `S${from + index}`,
        state,
        attempts: 0,
        ...(state === "failed" ? { error_code: "NotFound" } : {}),
        ...(state === "enriched" ? { source: "creators-api" as const } : {}),
      })),
      generation: 1,
      version: 0,
      resends: 0,
      updated_at: "2026-08-01T12:00:00.000Z",
    });
  };
  return { deps, app, world, id, tracking, get, addBatch };
};
