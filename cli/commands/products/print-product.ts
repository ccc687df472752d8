import type { ProductAnswer } from "../../../lambdas/common/core/contract/products/product.ts";
import { isGiven } from "../../../lambdas/common/core/products/critical-fields.ts";
import { PRODUCT_FIELDS, type ProductField } from "../../../lambdas/common/core/products/product.ts";
import { formatDuration } from "../../output/format-duration.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";

const shownValue = (product: ProductAnswer, field: ProductField): string => {
  const value = product[field];
  if (!isGiven(value)) return "-";
  return Array.isArray(value) ? `${value.length} ${field}` : String(value);
};

/** Fields that have a value or once had one, each with its source, its age and the end of the right to keep it. */
const fieldRows = (product: ProductAnswer, nowMs: number): string[][] =>
  PRODUCT_FIELDS.flatMap((field) => {
    const origin = product.provenance[field];
    const missing = product.missing.find((one) => one.field === field);
    if (origin === undefined) return missing ? [[field, "-", "-", "-", "-", missing.reason]] : [];
    const ageSeconds = Math.max(0, Math.round((nowMs - Date.parse(origin.fetched_at)) / 1_000));
    const end = origin.store_until === null ? "no end" : formatMoment(origin.store_until, nowMs);
    return [
      [field, origin.source, formatDuration(ageSeconds), end, origin.public ? "yes" : "no", shownValue(product, field)],
    ];
  });

/** Prints one product for a person: what it is, and every field with source, age, end and whether a site may show it. */
export const printProduct = (io: Io, product: ProductAnswer): void => {
  const { asin, marketplace, status, quality, stale, simulated, expired_at } = product;
  const notes = [stale ? "stale copy" : "", simulated ? "simulated" : ""].filter((note) => note !== "");
  io.out(`${asin} in ${marketplace}: ${[status, `quality ${quality.overall}`, ...notes].join(", ")}\n`);
  if (expired_at !== null) {
    io.out(
      `Content ended ${formatMoment(expired_at, io.now())} by the licence of its source; it is fetched again with: enrichline import ${asin}\n`,
    );
  }
  io.out(formatTable(["field", "source", "age", "ends", "public", "value"], fieldRows(product, io.now())));
};

/** One line a product, for lists. */
export const productTable = (products: readonly ProductAnswer[]): string =>
  formatTable(
    ["asin", "marketplace", "status", "quality", "source", "price", "availability", "title"],
    products.map((product) => [
      product.asin,
      product.marketplace,
      product.stale ? `${product.status} (stale)` : product.status,
      String(product.quality.overall),
      product.provenance.title?.source ?? "-",
      product.current_price === null ? "-" : `${product.current_price} ${product.currency ?? ""}`.trim(),
      product.availability_type ?? "-",
      product.title ?? "-",
    ]),
  );
