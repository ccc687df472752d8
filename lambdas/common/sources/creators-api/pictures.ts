import type { ProductFields } from "../../core/products/product.ts";
import type { Item, Picture, PictureSizes } from "./schema.ts";

/** The largest size of a picture. */
const largest = (sizes: PictureSizes | null | undefined): Picture | null =>
  sizes?.hiRes ?? sizes?.highRes ?? sizes?.large ?? sizes?.medium ?? sizes?.small ?? null;

/** Main picture and all pictures of an item, each in its largest size, the main one first, without repeats. */
export const pictureFields = (item: Item): Pick<ProductFields, "image_url" | "images"> => {
  const pictures = [item.images?.primary, ...(item.images?.variants ?? [])].flatMap((sizes) => largest(sizes) ?? []);
  const distinct = [...new Map(pictures.map((picture) => [picture.url, picture])).values()];
  return {
    image_url: largest(item.images?.primary)?.url ?? distinct[0]?.url ?? null,
    images:
      distinct.length === 0
        ? null
        : distinct.map(({ url, width, height }) => ({ url, width: width ?? null, height: height ?? null })),
  };
};
