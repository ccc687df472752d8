import type { ProductFields } from "../../core/products/product.ts";
import type { KeepaProduct } from "./schema.ts";

const IMAGE_BASE = "https://m.media-amazon.com/images/I/";
const pixels = (value: number | null | undefined): number | null =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;

/** Address of an image; Keepa gives only its file name. */
export const imageUrl = (file: string): string => IMAGE_BASE + encodeURIComponent(file);

/** Pictures of a product in Keepa's order, the largest size of each; null when there are none. */
export const imagesOf = (product: KeepaProduct): ProductFields["images"] => {
  const listed = (product.images ?? []).flatMap((image) => {
    if (image.l) return [{ url: imageUrl(image.l), width: pixels(image.lW), height: pixels(image.lH) }];
    if (image.m) return [{ url: imageUrl(image.m), width: pixels(image.mW), height: pixels(image.mH) }];
    return [];
  });
  const old = (product.imagesCSV ?? "").split(",").filter((file) => file.trim() !== "");
  const images =
    listed.length > 0 ? listed : old.map((file) => ({ url: imageUrl(file.trim()), width: null, height: null }));
  return images.length > 0 ? images : null;
};
