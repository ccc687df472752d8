import { PRODUCT_FIELDS, type ProductField } from "../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { SourceProduct } from "../../lambdas/common/core/sources/source-client.ts";
import { describeSource, SOURCES } from "../../lambdas/common/sources/registry/registry.ts";
import { markdownTable } from "./markdown-table.ts";
import type { Reading } from "./read-body.ts";

const has = (product: SourceProduct, field: ProductField): boolean => (product.fields[field] ?? null) !== null;
const nameOf = (file: string): string => file.replace(/\.(json|html\.gz)$/, "");
const share = <T>(all: readonly T[], holds: (one: T) => boolean): string => `${all.filter(holds).length}/${all.length}`;

const cell = (readings: readonly Reading[], source: SourceId, field: ProductField): string => {
  const own = readings.filter((reading) => reading.source === source);
  const pages = own.flatMap(({ variations }) => (variations ? [variations] : []));
  // Where variants come by a call of their own, products are asked without them.
  if (field === "variants" && pages.length > 0) return share(pages, ({ variants }) => variants.length > 0);
  const products = own.flatMap((reading) => reading.products);
  const given = products.some((product) => has(product, field));
  if (!given && !describeSource(source)?.fields.includes(field)) return "–";
  return share(products, (product) => has(product, field));
};

/** Field by field, how many of each source's products have it. */
export const fieldTable = (readings: readonly Reading[]): string[] => {
  const sources = SOURCES.map(({ id }) => id).filter((id) => readings.some((reading) => reading.source === id));
  return markdownTable(
    [{ title: "field" }, ...sources.map((id) => ({ title: id, number: true }))],
    PRODUCT_FIELDS.map((field) => [field, ...sources.map((id) => cell(readings, id, field))]),
  );
};

/** Body by body, the first product's price and availability, and what no product of it has. */
export const bodyTable = (readings: readonly Reading[]): string[] => {
  const withVariations = new Set(readings.flatMap(({ source, variations }) => (variations ? [source] : [])));
  return markdownTable(
    [
      ...[{ title: "source" }, { title: "body" }, { title: "products", number: true }],
      ...[{ title: "price" }, { title: "availability" }],
      { title: "fields that no product of it has, of those the source can give" },
    ],
    readings
      .filter(({ variations }) => !variations)
      .map(({ source, file, products }) => {
        const first = products[0]?.fields;
        const open = (describeSource(source)?.fields ?? []).filter(
          (field) =>
            !(field === "variants" && withVariations.has(source)) && !products.some((product) => has(product, field)),
        );
        return [
          ...[source, nameOf(file), String(products.length)],
          first?.current_price ? `${first.current_price} ${first.currency}` : "–",
          first?.availability_type ?? "–",
          open.join(", ") || "none",
        ];
      }),
  );
};

/** Page by page of variations, how many variants it has and what they have. */
export const variationTable = (readings: readonly Reading[]): string[] =>
  markdownTable(
    [
      ...[{ title: "source" }, { title: "body" }],
      ...["variants", "with a colour", "with an image", "pages of the family"].map((title) => ({
        title,
        number: true,
      })),
      { title: "parent named" },
    ],
    readings.flatMap(({ source, file, variations }) =>
      variations
        ? [
            [
              ...[source, nameOf(file), String(variations.variants.length)],
              share(variations.variants, ({ color_name }) => color_name !== null),
              share(variations.variants, ({ images }) => images.length > 0),
              String(variations.pages),
              variations.parentAsin === null ? "no" : "yes",
            ],
          ]
        : [],
    ),
  );
