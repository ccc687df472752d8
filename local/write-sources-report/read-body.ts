import { findMarketplace } from "../../lambdas/common/core/products/marketplaces.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { SourceClient, SourceProduct, VariationsAnswer } from "../../lambdas/common/core/sources/source-client.ts";
import { parsePage } from "../../lambdas/common/sources/product-page/reading/parse-page.ts";
import { describeSource } from "../../lambdas/common/sources/registry/registry.ts";
import { type Body, filesOf, readFixture, shopOf } from "./bodies.ts";

/** What one body gave. */
export interface Reading {
  readonly source: SourceId;
  readonly file: string;
  /** Products of a call for products; empty for a page of variations. */
  readonly products: readonly SourceProduct[];
  /** A page of one product's variations; absent for all other calls. */
  readonly variations?: VariationsAnswer;
}

/** Made-up credentials that fit the shop: nothing is called. */
const secretFor = (source: SourceId, marketplace: string): unknown => {
  const group = findMarketplace(marketplace)?.group ?? "NA";
  const partner_tags = { [marketplace]: "tag-21" };
  const pair = { client_id: "a", client_secret: "b" };
  const version = { NA: "3.1", EU: "3.2", FE: "3.3" }[group];
  if (source === "creators-api") return { ...pair, account: "a", credential_version: version, partner_tags };
  if (source === "paapi") return { access_key: "a", secret_key: "b", partner_tags };
  if (source === "sp-api") return { ...pair, refresh_token: "c", region: group };
  return { key: "k" };
};

/** The source's own client over a `fetch` that answers with the body. */
const clientOver = (body: Body): SourceClient => {
  const descriptor = describeSource(body.source);
  if (!descriptor) throw new Error(`no source ${body.source}`);
  return descriptor.create({
    secret: secretFor(body.source, body.marketplace),
    secretVersion: "report",
    endpoints: {},
    clock: { now: () => 0, sleep: async () => {} },
    tokens: { get: async () => "token", put: async () => {}, drop: async () => {} },
    fetch: async () => new Response(body.text),
  });
};

/** Lets the source's own code read one recorded body. Throws what it throws, and when it has no such operation. */
export const readBody = async (body: Body): Promise<Reading> => {
  const { source, file, marketplace, operation, text } = body;
  const asins = [
    ...new Set([...text.matchAll(/"(?:asin|ASIN)"\s*:\s*"([A-Z0-9]{10})"/g)].map((match) => match[1] ?? "")),
  ];
  const client = clientOver(body);
  const signal = new AbortController().signal;
  if (operation === "fetchVariations") {
    const variations = await client.fetchVariations?.({ marketplace, asin: asins[0] ?? "", page: 1 }, signal);
    if (!variations) throw new Error(`${source} has no ${operation} to read ${file} with`);
    return { source, file, products: [], variations };
  }
  const answer =
    operation === "search"
      ? await client.search?.({ marketplace, query: "x", category: "All", limit: 10 }, signal)
      : await client[operation]?.({ marketplace, asins }, signal);
  if (!answer) throw new Error(`${source} has no ${operation} to read ${file} with`);
  return { source, file, products: answer.products };
};

/** Folders of recorded product pages. */
const PAGE_FOLDERS = ["product-pages", "product-pages-2"];

/** Reads the recorded pages that are of a product. */
export const readPages = (): Reading[] =>
  PAGE_FOLDERS.flatMap((folder) =>
    filesOf(folder, /^(?!err-).*\.html\.gz$/).flatMap((file) => {
      const page = parsePage(readFixture(folder, file), { asin: null, marketplace: shopOf(file) });
      const products = [{ asin: page.asin ?? "", fields: page.fields }];
      return page.kind === "product" ? [{ source: "product-page" as const, file, products }] : [];
    }),
  );
