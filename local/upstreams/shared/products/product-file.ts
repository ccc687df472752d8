import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import * as z from "zod";
import { findMarketplace, type Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";

/** One line of a products file. Null: the file does not know. `price` is in major units of `currency`. */
export const ProductRowSchema = z.object({
  asin: z.string(),
  title: z.string().nullish(),
  brand: z.string().nullish(),
  price: z.number().nonnegative().nullish(),
  currency: z.string().length(3).nullish(),
  image_url: z.string().nullish(),
  categories: z.array(z.string()).nullish(),
  rating: z.number().nullish(),
  review_count: z.number().int().nullish(),
  availability: z.string().nullish(),
  features: z.array(z.string()).nullish(),
  url: z.string().nullish(),
});
export type ProductRow = z.infer<typeof ProductRowSchema>;

/** Rows by ASIN, then by the shop that the row's address names (`""` when it names none). */
export type ProductRows = ReadonlyMap<string, ReadonlyMap<string, ProductRow>>;

const shopOf = (row: ProductRow): Marketplace | undefined => {
  if (!row.url || !URL.canParse(row.url)) return undefined;
  return findMarketplace(new URL(row.url).hostname);
};

/** Lines end at `\n` only: Node's readline also breaks at U+2028, which titles contain. */
async function* linesOf(bytes: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(Buffer.from(chunk as Uint8Array), { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  yield rest + decoder.decode();
}

/**
 * Reads a products file, NDJSON or gzipped NDJSON, line by line.
 * @throws Error that names the line when one is not such a row.
 */
export const readProductFile = async (path: string): Promise<ProductRows> => {
  const bytes = createReadStream(path);
  const text = path.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  // A stream does not pass its errors on through pipe: without this a missing file would hang the start.
  bytes.on("error", (error) => text.destroy(error));
  const rows = new Map<string, Map<string, ProductRow>>();
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    if (content.trim() === "") continue;
    try {
      const row = ProductRowSchema.parse(JSON.parse(content));
      const byShop = rows.get(row.asin) ?? new Map<string, ProductRow>();
      byShop.set(shopOf(row)?.code ?? "", row);
      rows.set(row.asin, byShop);
    } catch (error) {
      throw new Error(`${path}, line ${line} is not a product row: ${String(error)}`, { cause: error });
    }
  }
  return rows;
};
