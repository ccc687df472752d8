import type { CheerioAPI } from "cheerio/slim";
import * as z from "zod";
import { parseJson } from "../../../core/parse-json.ts";
import type { ProductFields } from "../../../core/products/product.ts";
import { isWebAddress, list, text } from "../../reading/lenient-leaves.ts";
import { jsonAt } from "./dom.ts";

const MAIN = "#landingImage, #imgBlkFront, #ebooksImgBlkFront, #main-image";
const DynamicSchema = z.record(z.string(), z.tuple([z.number(), z.number()]));
const GallerySchema = list(z.looseObject({ hiRes: text, large: text, mainUrl: text }));
/** Scripts that carry the gallery: one form for goods, one for books. */
const GALLERIES = [
  /['"]colorImages['"]\s{0,20}:\s{0,20}\{\s{0,20}['"]initial['"]\s{0,20}:\s{0,20}(?=\[)/,
  /['"]imageGalleryData['"]\s{0,20}:\s{0,20}(?=\[)/,
];

/** The picture beside the title in its largest size; null when the page has none. */
const mainImage = ($: CheerioAPI): string | null => {
  const node = $(MAIN).first();
  const large = node.attr("data-old-hires");
  if (isWebAddress(large)) return large;
  const sizes = DynamicSchema.safeParse(parseJson(node.attr("data-a-dynamic-image") ?? ""));
  // The two numbers come in either order, so only their product is used.
  const [largest] = Object.entries(sizes.data ?? {}).sort(([, [a, b]], [, [c, d]]) => c * d - a * b);
  if (largest && isWebAddress(largest[0])) return largest[0];
  const source = node.attr("src")?.trim();
  return isWebAddress(source) ? source : null;
};

const gallery = (html: string): string[] => {
  for (const mark of GALLERIES) {
    const match = mark.exec(html);
    const entries = match ? GallerySchema.parse(jsonAt(html, match.index + match[0].length)) : [];
    const urls = entries.flatMap((entry) => [entry.hiRes, entry.large, entry.mainUrl].find(isWebAddress) ?? []);
    if (urls.length > 0) return urls;
  }
  return [];
};

/** Name of a picture without its size marks, such as `61sHC1vfxaL`, so that one picture in two sizes counts once. */
const pictureName = (url: string): string => /\/I\/([^./_]{1,40})/.exec(url)?.[1] ?? url;

/** The main picture and the gallery, the main one first. Pages do not give sizes reliably, so they are null. */
export const readImages = ($: CheerioAPI, html: string): Partial<ProductFields> => {
  const main = mainImage($);
  const pictures = new Map<string, string>();
  for (const url of [...(main === null ? [] : [main]), ...gallery(html)]) {
    if (!pictures.has(pictureName(url))) pictures.set(pictureName(url), url);
  }
  const urls = [...pictures.values()];
  return {
    image_url: urls[0] ?? null,
    images: urls.length > 0 ? urls.map((url) => ({ url, width: null, height: null })) : null,
  };
};
