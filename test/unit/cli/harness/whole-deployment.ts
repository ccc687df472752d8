import * as z from "zod";
import { marketplaceAnswer } from "../../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { findMarketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { aLicensedProduct } from "../../../helpers/products.ts";
import { aCatalog, aCatalogProduct, aFailure, aRetryReport, aSourceQuota } from "./answers.ts";
import { CATALOG_ID, type Reply, report, type Seen, status } from "./fake-api.ts";

const DRY_RUN = { ...report, catalog_id: null, tracking_id: null };
const EXPORT = {
  ...{ export_id: "exp_0123456789abcdef", catalog_id: CATALOG_ID, format: "csv", row_state: null, public: false },
  ...{ state: "ready", rows_read: 1, rows_written: 1, total_rows: 1, file_name: "mine-all-2026-08-01.csv" },
  ...{ expires_at: "2026-08-01T01:00:00.000Z", valid_until: "2026-08-02T00:00:00.000Z", failure: null },
  created_at: "2026-08-01T00:00:00.000Z",
};
const CHECK = {
  ...{ source: "keepa", state: "ok", ok: true, reason: "It answered.", next_step: "", marketplace: "www.amazon.com" },
  checks: [{ name: "one call", ok: true, detail: "fine" }],
};
const shop = findMarketplace("www.amazon.com");
if (!shop) throw new Error("the shop is built in");

/** A deployment with one of everything. */
export const everything = ({ method, path, query, body, headers }: Seen): Reply => {
  const ok = (answer: unknown): Reply => ({ status: 200, body: answer });
  const at = path.replace("/api/v1", "");
  if (at === "/catalogs" && method === "GET") return ok({ items: [aCatalog()], next_cursor: "more" });
  if (at === "/catalogs") return query.dry_run === "true" ? ok(DRY_RUN) : { status: 202, body: report };
  if (at.endsWith("/status")) return ok(status("completed", 20, 0));
  if (at.endsWith("/failures")) return ok({ items: [aFailure()], next_cursor: null });
  if (at.endsWith("/retry")) {
    const dry_run = z.object({ dry_run: z.boolean() }).parse(JSON.parse(body.toString())).dry_run;
    return ok(aRetryReport(dry_run ? 0 : 3, dry_run ? 3 : 0, { dry_run }));
  }
  if (at === "/quota") return ok({ sources: [aSourceQuota("keepa")], timestamp: "2026-08-01T00:00:00.000Z" });
  if (at === "/operations/probes") return ok(CHECK);
  if (at.endsWith("/exports") || at.startsWith("/exports/"))
    return ok({ ...EXPORT, download_url: `http://${headers.host}/download` });
  if (path === "/download") return ok({ the: "file" });
  if (at === "/marketplaces") return ok({ items: [marketplaceAnswer(shop)], default_marketplace: shop.code });
  if (at.endsWith("/products")) {
    const product = aLicensedProduct({ title: "Desk lamp" });
    return ok({ items: [aCatalogProduct({ product })], next_cursor: null });
  }
  return { status: 404, body: { detail: `No ${method} ${path}`, code: "not_found" } };
};

/** A person who agrees to everything. */
export const AGREES = () => ({ action: "accept" as const, content: { confirm: true } });

/** Each tool with an input that it takes. */
export const CALLS: readonly (readonly [name: string, input: Record<string, unknown>])[] = [
  ["list", {}],
  ["status", { catalog_id: CATALOG_ID }],
  ["preview", { file: "mine.csv" }],
  ["upload", { file: "mine.csv", wait_seconds: 5 }],
  ["failures", { catalog_id: CATALOG_ID }],
  ["retry", { catalog_id: CATALOG_ID }],
  ["quota", {}],
  ["doctor", {}],
  ["export", { catalog_id: CATALOG_ID }],
];
