import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { pageOf } from "../../lambdas/common/core/contract/page.ts";
import { BulkAnswerSchema } from "../../lambdas/common/core/contract/products/bulk.ts";
import { HistoryAnswerSchema } from "../../lambdas/common/core/contract/products/history.ts";
import { ImportAnswerSchema } from "../../lambdas/common/core/contract/products/import.ts";
import { ProductAnswerSchema } from "../../lambdas/common/core/contract/products/product.ts";
import { SearchAnswerSchema } from "../../lambdas/common/core/contract/products/search.ts";
import { RefreshJobSchema } from "../../lambdas/common/core/refresh/refresh-job.ts";
import { SOURCE_IDS } from "../../lambdas/common/core/source-ids.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { apiAs } from "../helpers/e2e/api.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { StoredProducts } from "../helpers/e2e/stored-products.ts";
import { Upstream } from "../helpers/e2e/upstream.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

const HOUR_MS = 3_600_000;
const [FIRST, SECOND] = ["B08DQQ8CBP", "B0CR7G9V56"] as const;
const outputs = inject("outputs");
const { products: table = "" } = outputs.tables;
const upstreams = SOURCE_IDS.filter((id) => outputs.upstreams[id]).map((id) => new Upstream(outputs, id));
let world: World;
let documents: DynamoDBDocumentClient;
let s3: S3Client;

beforeAll(async () => {
  world = await openWorld();
  const config = clientConfig(outputs.emulatorUrl);
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  s3 = new S3Client({ ...config, forcePathStyle: true });
});
afterAll(async () => {
  for (const upstream of upstreams) await upstream.set({ outage: false });
  await world.deployed.limits.forget();
  world.deployed.close();
});

const post = (path: string, value: unknown, headers: Record<string, string> = {}) =>
  world.demo.call("POST", path, {
    body: JSON.stringify(value),
    headers: { "content-type": "application/json", ...headers },
  });

/** As if a stored product had been fetched so much earlier. */
const age = (asin: string, byMs: number): Promise<void> =>
  new StoredProducts(documents, table).age(`www.amazon.com#${asin}`, byMs);

it("imports a product with all that the source gives, keeps the raw answer, and gives it back", async () => {
  for (const asin of [FIRST, SECOND]) {
    const { status, body } = await post("/products/import", { asin, marketplace: "US" });
    expect([200, 201]).toContain(status);
    const { product, imported_fields } = ImportAnswerSchema.parse(body);
    expect(imported_fields).toEqual(
      expect.arrayContaining(["title", "image_url", "current_price", "availability_type"]),
    );
    const { body: stored } = await world.other.call("GET", `/products/${asin}`);
    expect(ProductAnswerSchema.parse(stored)).toEqual(product);
    expect((await post("/products/import", { asin, marketplace: "US" })).status).toBe(200);
  }
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: outputs.bucket, Prefix: "raw/creators-api/" }),
  );
  expect(Contents.length).toBeGreaterThanOrEqual(4);
});

it("does nothing twice under one Idempotency-Key", async () => {
  await world.upstream.begin();
  const headers = { "idempotency-key": `products-${Date.now()}` };
  const first = await post("/products/import", { asin: FIRST }, headers);
  const again = await post("/products/import", { asin: FIRST }, headers);
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  expect((await world.upstream.calls()).total).toBe(1);
});

it("lists what is stored, and finds it by words", async () => {
  const items = await world.demo.storedProducts({ q: FIRST, marketplace: "US" });
  expect(items.map(({ asin }) => asin)).toEqual([FIRST]);
});

it("answers look-ups from the table while they are fresh", async () => {
  await world.upstream.begin();
  const { body } = await post("/products/bulk-enhanced", { asins: [FIRST, SECOND] });
  expect(BulkAnswerSchema.parse(body).products.map(({ asin }) => asin)).toEqual([FIRST, SECOND]);
  const { status } = await world.demo.call("GET", `/products/${FIRST}/enhanced`);
  expect([status, (await world.upstream.calls()).total]).toEqual([200, 0]);
  await world.demo.call("GET", `/products/${FIRST}/enhanced`, { query: { real_time: "true" } });
  expect((await world.upstream.calls()).total).toBe(1);
});

it("fetches again what has ended when an operator asks for a plan, and lists the call", async () => {
  await world.upstream.begin();
  await age(FIRST, 25 * HOUR_MS);
  expect((await world.demo.call("POST", "/refresh/run")).status).toBe(403);
  const operator = await apiAs(outputs, "operator");
  expect((await operator.call("POST", "/refresh/run")).status).toBe(202);
  const outcomeOf = async () => {
    const { body } = await world.demo.call("GET", "/refresh/jobs");
    const { items } = pageOf(RefreshJobSchema).parse(body);
    return items.flatMap(({ products }) => products).find(({ asin }) => asin === FIRST)?.outcome;
  };
  await waitFor("the call of the refresh", outcomeOf, (outcome) => outcome === "refreshed", 30);
  const { body } = await world.demo.call("GET", `/products/${FIRST}`);
  expect(ProductAnswerSchema.parse(body)).toMatchObject({ stale: false, expired_at: null });
});

it("searches a shop, and what it finds can be imported", async () => {
  const { status, body } = await post("/sourcing/search", { query: "esp32 devkit", limit: 3 });
  expect(status).toBe(200);
  const { products, source } = SearchAnswerSchema.parse(body);
  expect(source).toBe("creators-api");
  const [found] = products;
  expect((await post("/products/import", { asin: found?.asin })).status).toBe(201);
});

it("records what changes, from the stream of the table, with a gap while nothing is known", async () => {
  const price = async (): Promise<(string | null)[] | undefined> => {
    const { body } = await world.demo.call("GET", `/products/${SECOND}/history`, { query: { field: "current_price" } });
    return HistoryAnswerSchema.parse(body).series[0]?.points.map(({ value }) => value);
  };
  const fetchNow = () => world.demo.call("GET", `/products/${SECOND}/enhanced`, { query: { real_time: "true" } });
  await world.upstream.begin({ null_price_asins: [SECOND] });
  await fetchNow();
  const gap = await waitFor("the gap", price, (points) => points?.at(-1) === null, 60);
  await world.upstream.begin();
  const { current_price } = ProductAnswerSchema.parse((await fetchNow()).body);
  const end = await waitFor("the price", price, (points) => points?.at(-1) === current_price, 60);
  expect(end).toEqual([...(gap ?? []), current_price]);
  // Unchanged.
  await fetchNow();
  await fetchNow();
  expect(await price()).toEqual(end);
});

it("serves a stale copy while no source answers, and none of its fields after their end", async () => {
  for (const upstream of upstreams) await upstream.set({ outage: true });
  await age(FIRST, 2 * HOUR_MS);
  const stale = ProductAnswerSchema.parse((await world.demo.call("GET", `/products/${FIRST}/enhanced`)).body);
  expect([stale.stale, stale.title === null]).toEqual([true, false]);

  await age(FIRST, 23 * HOUR_MS);
  const ended = ProductAnswerSchema.parse((await world.demo.call("GET", `/products/${FIRST}`)).body);
  expect([ended.title, ended.current_price]).toEqual([null, null]);
  expect(ended.expired_at).not.toBeNull();
  const refused = await world.demo.call("GET", `/products/${FIRST}/enhanced`);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});
