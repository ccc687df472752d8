import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ProductFieldsSchema } from "../../../lambdas/common/core/products/product.ts";
import { classifyProductPage } from "../../../lambdas/common/core/sources/known/product-page/failure-codes.ts";
import { CALL_FAILURES } from "../../../lambdas/common/sources/product-page/errors.ts";
import { parsePage } from "../../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { fixtureJson, fixtureText, haveFixtures } from "../../helpers/shared-fixtures.ts";

const FOLDER = "product-pages-2";
const plain = z.union([z.string(), z.number(), z.null()]);
/** A value, or several that are all right. */
const Right = z.union([plain, z.object({ any: z.array(plain) }).transform(({ any }) => any)]).optional();
const ExpectationSchema = z.looseObject({
  kind: z.enum(["product", "server_error"]),
  marketplace: z.string(),
  requested: z.string().optional(),
  asin: z.string().optional(),
  title: Right,
  current_price: Right,
  currency: Right,
  original_price: Right,
  availability_type: Right,
  condition: Right,
  image: z.string().optional(),
  star_rating: Right,
  customer_review_count: Right,
  brand: Right,
  features: Right,
});
const FIELDS = [
  "title",
  "current_price",
  "currency",
  "original_price",
  "availability_type",
  "condition",
  "customer_review_count",
  "brand",
] as const;

const there = haveFixtures(FOLDER);
const pages = there
  ? Object.entries(z.record(z.string(), ExpectationSchema).parse(fixtureJson(FOLDER, "expected.json")))
  : [];
const read = (file: string) => {
  const [, wanted] = pages.find(([name]) => name === file) ?? [];
  if (!wanted) throw new Error(`no expectation for ${file}`);
  const page = parsePage(fixtureText(FOLDER, file), {
    asin: wanted.requested ?? null,
    marketplace: wanted.marketplace,
  });
  return { wanted, page, fields: page.fields };
};
const filesOf = (kind: "product" | "server_error") =>
  pages.filter(([, wanted]) => wanted.kind === kind).map(([file]) => file);

describe.skipIf(!there)("product pages with right values read by a person", () => {
  it.each(filesOf("product"))("%s gives every one of them", (file) => {
    const { wanted, page, fields } = read(file);
    expect(page.kind).toBe("product");
    expect(page.redirected).toBe(false);
    expect(page.asin).toBe(wanted.asin);
    expect(ProductFieldsSchema.partial().parse(fields)).toEqual(fields);
    for (const field of FIELDS) {
      const right = [wanted[field]].flat();
      if (wanted[field] !== undefined) expect(right, field).toContain(fields[field] ?? null);
    }
    expect(fields.star_rating ?? null).toBe(wanted.star_rating ? Number(wanted.star_rating) : null);
    expect(fields.features?.length ?? null).toBe(wanted.features);
    if (fields.current_price) expect(fields.condition).toBe("New");
    expect(fields.image_url).toContain(`/images/I/${wanted.image}`);
  });
});

describe.skipIf(!there)("pages that ask to be loaded again", () => {
  it.each(filesOf("server_error"))("%s is retriable, not a product", (file) => {
    const { page, fields } = read(file);
    expect(page.kind).toBe("server_error");
    expect(fields).toEqual({});
    expect(classifyProductPage(CALL_FAILURES[page.kind] ?? "")).toBe("retriable");
  });
});
