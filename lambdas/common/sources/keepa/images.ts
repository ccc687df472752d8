import type { ProductFields } from "../../core/products/product.ts";
import type { KeepaProduct } from "./schema.ts";

const IMAGE_BASE = "https://m.media-amazon.com/images/I/";

/** Address of an image; Keepa gives only its file name. */
export const imageUrl = (file: string): string => IMAGE_BASE + encodeURIComponent(file.toWellFormed());

/** Pictures of a product in Keepa's order, the largest size of each; null when there are none. */
export const imagesOf = (product: KeepaProduct): ProductFields["images"] => {
  const listed = product.images.flatMap((image) => {
    if (image.l) return [{ url: imageUrl(image.l), width: image.lW, height: image.lH }];
    if (image.m) return [{ url: imageUrl(image.m), width: image.mW, height: image.mH }];
    return [];
  });
  const old = (product.imagesCSV ?? "").split(",").filter((file) => file.trim() !== "");
  const images =
    listed.length > 0 ? listed : old.map((file) => ({ url: imageUrl(file.trim()), width: null, height: null }));
  return images.length > 0 ? images : null;
};
