import { earlier } from "../clock.ts";
import { csvLine } from "../exports/csv-line.ts";
import { productCells, shownSources } from "../exports/enrichment-cells.ts";
import type { LicenceBook } from "../licences/licence-book.ts";
import type { LicensedProduct } from "../licences/licensed-product.ts";
import { noticesOf } from "../licences/notices.ts";

/** One product of a catalog, in the catalog's order. */
export interface FeedEntry {
  readonly asin: string;
  readonly sku: string | null;
  readonly marketplace: string;
  /** As it may be given out now; undefined: nothing is stored of it. */
  readonly product: LicensedProduct | undefined;
}

/** What is fetched. */
export interface FeedFile {
  readonly contentType: string;
  readonly body: string;
  /** When the first field in it ends by its licence; null: none does. */
  readonly validUntil: string | null;
}

const itemOf = ({ asin, sku, marketplace, product }: FeedEntry) => {
  const { as_of, valid_until, ...cells } = productCells(product);
  return {
    ...{ asin, sku, marketplace },
    ...cells,
    // Says too which rows are sample data.
    source: product?.provenance.title?.source ?? null,
    ...{ as_of, valid_until },
    expired_at: product?.expired_at ?? null,
  };
};
type Item = ReturnType<typeof itemOf>;

/** The sentences that must stand where these products are shown, each once. */
const noticesFor = (entries: readonly FeedEntry[], licences: LicenceBook) => {
  const wanted = new Map<string, Set<string>>();
  for (const { marketplace, product } of entries) {
    const ids = (product ? shownSources(product) : []).flatMap((source) => licences[source].notices);
    wanted.set(marketplace, new Set([...(wanted.get(marketplace) ?? []), ...ids]));
  }
  return [...wanted].flatMap(([marketplace, ids]) =>
    noticesOf(marketplace)
      .filter(({ id }) => ids.has(id))
      .map((notice) => ({ marketplace, ...notice })),
  );
};

/** Columns of a table without one row still has. */
const COLUMNS = [
  ...["asin", "sku", "marketplace", "title", "price", "currency", "availability", "image_url", "url"],
  ...["source", "as_of", "valid_until", "expired_at"],
] as const satisfies readonly string[];

const csvOf = (items: readonly Item[], notices: readonly string[]): string => {
  const lines = items.map((item, index) => {
    const cells: Readonly<Record<string, string | null>> = item;
    // Once is enough, and in every row the same sentences would be most of the file.
    return csvLine([...COLUMNS.map((name) => cells[name] ?? ""), index === 0 ? notices.join(" ") : ""]);
  });
  return csvLine([...COLUMNS, "notices"]) + lines.join("");
};

/**
 * Writes a feed. The same products give the same bytes, so that an unchanged feed is recognised. Cells that a spreadsheet would
 * compute are made safe in CSV; there is no byte order mark, which spreadsheets that fetch would take into the first name.
 */
export const feedFile = (
  format: "csv" | "json",
  name: string,
  entries: readonly FeedEntry[],
  licences: LicenceBook,
): FeedFile => {
  const items = entries.map(itemOf);
  const notices = noticesFor(entries, licences);
  const validUntil = items.reduce<string | null>((first, item) => earlier(first, item.valid_until), null);
  if (format === "json") {
    const body = JSON.stringify({ name, valid_until: validUntil, notices, items });
    return { contentType: "application/json", body, validUntil };
  }
  const texts = [...new Set(notices.map(({ text }) => text))];
  return { contentType: "text/csv; charset=utf-8", body: csvOf(items, texts), validUntil };
};
