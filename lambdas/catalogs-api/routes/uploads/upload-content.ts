import { CATALOG_TYPES, type CatalogFormat } from "../../../common/core/catalogs/ingest/formats/catalog-format.ts";
import { MAX_SKU_CHARACTERS, REQUEST_LIMITS } from "../../../common/core/catalogs/ingest/ingest-limits.ts";
import { MAX_NAME_CHARACTERS } from "../../../common/core/contract/uploads/catalog-name.ts";

const text = (description: string, maxLength?: number) => ({
  type: "string" as const,
  description,
  ...(maxLength === undefined ? {} : { maxLength }),
});
const list = (description: string, items: object) => ({
  type: "array" as const,
  description,
  minItems: 1,
  maxItems: REQUEST_LIMITS.rows,
  items,
});
/** A character takes a byte or more. */
const file = (description: string) => text(description, REQUEST_LIMITS.bytes);

const PRODUCT = {
  type: "object" as const,
  description: "Other keys are kept too, as columns of your own.",
  required: ["asin"],
  properties: {
    asin: text("ASIN, or the address of the product's page, whose shop then counts."),
    sku: text("Your own number for it; a longer one is a rejected row.", MAX_SKU_CHARACTERS),
    title: text("Your own title: kept as a column of yours, and not read."),
    marketplace: text("Its shop, when it is another than that of the catalog."),
  },
};

const JSON_SCHEMA = {
  type: "object" as const,
  description: "Either `products` or `asins`; the list alone, with nothing around it, is taken too.",
  properties: {
    name: text("Name of the catalog, unless the query gives one.", MAX_NAME_CHARACTERS),
    marketplace: text("Shop of products that name none; it goes before that of the query."),
    products: list("The products.", PRODUCT),
    asins: list("The products, by ASIN or address only.", { type: "string" as const }),
  },
  anyOf: [{ required: ["products"] }, { required: ["asins"] }],
};

/** What each format looks like; all ASINs and titles are made up. */
const BY_FORMAT = {
  json: {
    schema: JSON_SCHEMA,
    examples: {
      products: {
        summary: "With products",
        value: {
          name: "Spring",
          products: [{ asin: "B0EXAMPLE1", sku: "TEA-01", title: "Tea for two" }, { asin: "B0EXAMPLE2" }],
        },
      },
      asins: {
        summary: "With ASINs",
        value: { marketplace: "www.amazon.de", asins: ["B0EXAMPLE1", "B0EXAMPLE2"] },
      },
    },
  },
  csv: {
    schema: file(
      "Comma, semicolon, tab or pipe; a column asin or url, others as you like; or a bare list without a header.",
    ),
    example: "asin,sku,title\nB0EXAMPLE1,TEA-01,Tea for two\nB0EXAMPLE2,TEA-02,Tea for four\n",
  },
  ndjson: {
    schema: file("One product a line, as in the JSON form."),
    example: '{"asin": "B0EXAMPLE1", "sku": "TEA-01"}\n{"asin": "B0EXAMPLE2"}\n',
  },
  any: {
    schema: file("CSV, JSON or NDJSON: the content tells."),
    example: "B0EXAMPLE1\nB0EXAMPLE2\n",
  },
} satisfies Record<CatalogFormat | "any", object>;

/**
 * Body of `POST /catalogs` for the OpenAPI document: every content type that is taken. Its schemas are plain ones, which
 * document the body without checking it: bad rows are reported, not refused.
 */
export const UPLOAD_CONTENT = Object.fromEntries(
  CATALOG_TYPES.map(([type, format]) => [type, BY_FORMAT[format ?? "any"]]),
);
