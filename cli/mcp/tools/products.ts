import * as z from "zod";
import { type CatalogProduct, CatalogProductSchema } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { MarketplacesSchema } from "../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { ProductAnswerSchema } from "../../../lambdas/common/core/contract/products/product.ts";
import { NoticeSchema } from "../../../lambdas/common/core/licences/notices.ts";
import { inPath } from "../../api/in-path.ts";
import { defineTool, READS } from "../tool.ts";
import { CatalogId, pageInput, pageQuery } from "./inputs.ts";

/** What a conversation needs of a product; the rest is for `enrichline product` and the API. */
const SHOWN = {
  title: true,
  brand: true,
  image_url: true,
  detail_page_url: true,
  current_price: true,
  currency: true,
  availability_type: true,
  star_rating: true,
  missing: true,
  simulated: true,
} as const;
const FIELDS = Object.keys(SHOWN);

const ShownProductSchema = ProductAnswerSchema.pick(SHOWN).extend({
  provenance: ProductAnswerSchema.shape.provenance.describe(
    "By field: its source, when it was fetched, until when it may be kept, and whether it may stand on a public site.",
  ),
});

/** Products with their content need more room than rows of counts. */
const MAX_PAGE = 10;

/** Only the origin of what is shown. */
const shown = (item: CatalogProduct): CatalogProduct => {
  if (item.product === null) return item;
  const provenance = Object.entries(item.product.provenance).filter(([field]) => FIELDS.includes(field));
  return { ...item, product: { ...item.product, provenance: Object.fromEntries(provenance) } };
};

/** When the first shown field ends; null: none does. */
const firstEnd = (items: readonly CatalogProduct[]): string | null => {
  const ends = items.flatMap(({ product }) =>
    Object.values(product?.provenance ?? {}).flatMap((origin) => origin?.store_until ?? []),
  );
  return ends.sort()[0] ?? null;
};

/** `products`: product content, only where the person allowed it. */
export const products = defineTool({
  name: "products",
  title: "Products with content",
  description:
    "Lists a catalog's products with title, brand, price, availability, image and link, as their licences allow at this moment. Show notices beside them. Use none of it after valid_until; ask again instead.",
  hints: READS,
  input: z.strictObject({
    catalog_id: CatalogId,
    state: CatalogProductSchema.shape.state.optional().describe("Only products of this state; absent: all."),
    public: z
      .boolean()
      .default(true)
      .describe("false: also the fields that may not stand on a public site, for the owner's own eyes."),
    ...pageInput(MAX_PAGE),
  }),
  output: pageOf(CatalogProductSchema.extend({ product: ShownProductSchema.nullable() })).extend({
    notices: z.array(NoticeSchema).describe("Sentences that must be shown beside this content."),
    valid_until: z
      .string()
      .nullable()
      .describe("When the first of these fields ends by licence; null: none of them ends."),
  }),
  outside: ["items[].sku", "items[].error_code", "items[].product"],
  run: async ({ api }, { catalog_id, state, public: isPublic, ...page }) => {
    const [found, shops] = await Promise.all([
      api.call({
        path: `/catalogs/${inPath(catalog_id)}/products`,
        query: { ...pageQuery(page), state, public: isPublic ? "true" : undefined },
        answer: pageOf(CatalogProductSchema),
      }),
      api.call({ path: "/marketplaces", answer: MarketplacesSchema }),
    ]);
    const items = found.items.map(shown);
    const named = new Set(items.filter(({ product }) => product !== null).map(({ marketplace }) => marketplace));
    return {
      items,
      next_cursor: found.next_cursor,
      notices: shops.items.filter(({ code }) => named.has(code)).flatMap(({ notices }) => notices),
      valid_until: firstEnd(items),
    };
  },
});
