import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findMarketplace } from "../lambdas/core/marketplaces.ts";
import { PRODUCT_FIELDS, type ProductField } from "../lambdas/core/product.ts";
import type { SourceAnswer, SourceClient, SourceProduct } from "../lambdas/core/source.ts";
import type { SourceId } from "../lambdas/core/source-ids.ts";
import { parsePage } from "../lambdas/sources/product-page/parse-page.ts";
import { describeSource, SOURCES } from "../lambdas/sources/registry.ts";

/** One recorded body and how its source is made to read it. */
interface Body {
  readonly source: SourceId;
  readonly file: string;
  readonly marketplace: string;
  readonly operation: "fetchProducts" | "fetchOffers" | "search";
  readonly text: string;
}

/** What one body gave. */
interface Reading {
  readonly source: SourceId;
  readonly file: string;
  readonly products: readonly SourceProduct[];
}

const ROOT = join(import.meta.dirname, "..");
const FIXTURES = join(ROOT, "../shared/fixtures");
const REPORT = join(ROOT, "docs/sources-report.md");

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

const shopOf = (file: string): string => {
  const country = /(?:^|-)(us|uk|de|es|fr|ca|au|jp|it|in|br|nl)(?=[-.])/.exec(file)?.[1] ?? "us";
  // A body from an Australian client that holds an answer of the US shop.
  const place = findMarketplace(file.includes("no-contributor") ? "us" : country);
  return place?.code ?? "www.amazon.com";
};

const read = (folder: string, file: string): string => {
  const bytes = readFileSync(join(FIXTURES, folder, file));
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};

const filesOf = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(FIXTURES, folder))
    .filter((file) => pattern.test(file))
    .sort();

/** The examples of SP-API's models wrap their bodies; this takes them out. */
const unwrap = (text: string): string => {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null) return text;
  if ("application/json" in json) return JSON.stringify(json["application/json"]);
  const [first]: unknown[] = "static" in json && Array.isArray(json.static) ? json.static : [];
  return typeof first === "object" && first !== null && "response" in first ? JSON.stringify(first.response) : text;
};

const bodies = (): Body[] => [
  ...(["creators-api", "paapi"] as const).flatMap((source) =>
    filesOf(source, /^(getitems|searchitems)-.*\.json$/).map((file) => ({
      source,
      file,
      marketplace: shopOf(file),
      operation: file.startsWith("getitems") ? ("fetchProducts" as const) : ("search" as const),
      text: read(source, file),
    })),
  ),
  ...filesOf("sp-api", /^(searchCatalogItems|getItemOffersBatch)-200/).map((file) => ({
    source: "sp-api" as const,
    file,
    marketplace: "www.amazon.com",
    operation: file.startsWith("search") ? ("fetchProducts" as const) : ("fetchOffers" as const),
    text: unwrap(read("sp-api", file)),
  })),
  ...filesOf("keepa", /^product-/).map((file) => ({
    source: "keepa" as const,
    file,
    marketplace: shopOf(file),
    operation: "fetchProducts" as const,
    text: read("keepa", file),
  })),
];

/** The source's own client over a `fetch` that answers with the body. */
const clientOver = (body: Body): SourceClient => {
  const descriptor = describeSource(body.source);
  if (!descriptor) throw new Error(`no source ${body.source}`);
  return descriptor.create({
    secret: secretFor(body.source, body.marketplace),
    secret_version: "report",
    endpoints: {},
    clock: { now: () => 0, sleep: async () => {} },
    tokens: { get: async () => "token", put: async () => {}, drop: async () => {} },
    fetch: async () => new Response(body.text),
  });
};

const readBody = async (body: Body): Promise<Reading> => {
  const asins = [
    ...new Set([...body.text.matchAll(/"(?:asin|ASIN)"\s*:\s*"([A-Z0-9]{10})"/g)].map((match) => match[1] ?? "")),
  ];
  const client = clientOver(body);
  const signal = new AbortController().signal;
  const { marketplace, operation } = body;
  const answer: SourceAnswer | undefined =
    operation === "search"
      ? await client.search?.({ marketplace, query: "x", category: "All", limit: 10 }, signal)
      : await client[operation]?.({ marketplace, asins }, signal);
  return { source: body.source, file: body.file, products: answer?.products ?? [] };
};

const readPages = (): Reading[] =>
  filesOf("product-pages", /^(?!err-).*\.html\.gz$/).map((file) => {
    const page = parsePage(read("product-pages", file), { asin: null, marketplace: shopOf(file) });
    return { source: "product-page", file, products: [{ asin: page.asin ?? "", fields: page.fields }] };
  });

const has = (product: SourceProduct, field: ProductField): boolean => (product.fields[field] ?? null) !== null;

const fieldTable = (readings: readonly Reading[]): string[] => {
  const cell = (source: SourceId, field: ProductField): string => {
    const products = readings.filter((reading) => reading.source === source).flatMap((reading) => reading.products);
    const given = products.filter((product) => has(product, field)).length;
    if (given === 0 && !describeSource(source)?.fields.includes(field)) return "–";
    return `${given}/${products.length}`;
  };
  const sources = SOURCES.map(({ id }) => id).filter((id) => readings.some((reading) => reading.source === id));
  return [
    `| field | ${sources.join(" | ")} |`,
    `| --- |${" ---: |".repeat(sources.length)}`,
    ...PRODUCT_FIELDS.map((field) => `| ${field} | ${sources.map((id) => cell(id, field)).join(" | ")} |`),
  ];
};

const bodyTable = (readings: readonly Reading[]): string[] => [
  "| source | body | products | price | availability | fields that no product of it has, of those the source can give |",
  "| --- | --- | ---: | --- | --- | --- |",
  ...readings.map(({ source, file, products }) => {
    const first = products[0]?.fields;
    const price = first?.current_price ? `${first.current_price} ${first.currency}` : "–";
    const open = (describeSource(source)?.fields ?? []).filter(
      (field) => !products.some((product) => has(product, field)),
    );
    const name = file.replace(/\.(json|html\.gz)$/, "");
    return `| ${source} | ${name} | ${products.length} | ${price} | ${first?.availability_type ?? "–"} | ${open.join(", ") || "none"} |`;
  }),
];

if (!existsSync(FIXTURES)) {
  console.error("../shared/fixtures is not there: there are no recorded bodies to report on, nothing was written");
  process.exitCode = 1;
} else {
  const readings = [...(await Promise.all(bodies().map(readBody))), ...readPages()];
  const lines = [
    "# What each source gave",
    "",
    "Written by `npm run sources:report`, which lets each source's own code read the recorded upstream bodies: how many",
    "of their products have the field. `–`: the source cannot give it. A low figure may be the body's doing: many of the",
    "recorded calls asked for little more than the title, and `variants` come by a call of their own.",
    "",
    ...fieldTable(readings),
    "",
    "## Body by body",
    "",
    "Price and availability are those of the body's first product.",
    "",
    ...bodyTable(readings),
    "",
  ];
  writeFileSync(REPORT, lines.join("\n"));
  console.log(lines.join("\n"));
}
