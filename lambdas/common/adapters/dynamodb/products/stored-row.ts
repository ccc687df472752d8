import { errorWords } from "../../../core/error-words.ts";
import { PRODUCT_FIELDS, type Product, ProductSchema } from "../../../core/products/product.ts";
import { packProduct, unpackProduct } from "./packing/pack-product.ts";

/** A product of an item, and the keys of its raw answers; or why it cannot be read. */
export type StoredRow =
  | { readonly success: true; readonly data: Product; readonly rawKeys: readonly string[] }
  | { readonly success: false; readonly error: Error };

/**
 * Names that an item had while products were not packed. A function of before a deploy writes them beside the bytes of a
 * later one: where there is a `provenance`, they are newer.
 */
const UNPACKED = [...PRODUCT_FIELDS, "missing", "provenance", "quality", "raw_keys"];

const contentOf = (item: Record<string, unknown>): Record<string, unknown> => {
  const { packed, ...named } = item;
  if (!(packed instanceof Uint8Array) || item.provenance !== undefined) return item;
  return { ...named, ...unpackProduct(packed) };
};

/**
 * The product of an item of the table, packed or as before it was packed. Items of before them have no `expired_at` and no
 * `specifications`.
 */
export const parseStoredRow = (item: Record<string, unknown>): StoredRow => {
  let content: Record<string, unknown>;
  try {
    content = contentOf(item);
  } catch (error) {
    return { success: false, error: new Error(`it cannot be unpacked: ${errorWords(error)}`, { cause: error }) };
  }
  const product = ProductSchema.safeParse({
    ...{ expired_at: null, specifications: null },
    ...content,
    product_id: item.product_key,
  });
  if (!product.success) return product;
  const { raw_keys } = content;
  return { ...product, rawKeys: Array.isArray(raw_keys) ? raw_keys.map(String) : [] };
};

const OriginsSchema = ProductSchema.pick({ provenance: true });

/** What `readOrigins` needs of an item. */
export const ORIGIN_NAMES = ["provenance", "packed"];

/** Where the fields of an item came from, read of those attributes alone; undefined when it holds no product or cannot be read. */
export const readOrigins = (item: Record<string, unknown>): Pick<Product, "provenance"> | undefined => {
  try {
    return OriginsSchema.safeParse(contentOf(item)).data;
  } catch {
    return undefined;
  }
};

/** What of an item is set and removed to have it hold a product; the key is not in it. */
export const storedRow = (
  product: Product,
  rawKeys: readonly string[],
): { readonly set: Readonly<Record<string, unknown>>; readonly remove: readonly string[] } => {
  const { named, packed } = packProduct(product, rawKeys);
  const { product_id: _key, ...set } = named;
  return { set: { ...set, packed }, remove: UNPACKED.filter((name) => !(name in set)) };
};
