import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ContentEnds } from "../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../../lambdas/common/core/clock.ts";
import { CatalogProductSchema } from "../../lambdas/common/core/contract/catalogs/products.ts";
import { type Export, ExportSchema } from "../../lambdas/common/core/contract/exports/export.ts";
import { CountRequestedSchema, LicenceReportSchema } from "../../lambdas/common/core/contract/licences/report.ts";
import { RevocationViewSchema } from "../../lambdas/common/core/contract/licences/revocation.ts";
import { pageOf } from "../../lambdas/common/core/contract/page.ts";
import { ExportJobSchema } from "../../lambdas/common/core/exports/export-job.ts";
import { endsHour } from "../../lambdas/common/core/licences/content-end.ts";
import { PRODUCT_FIELDS } from "../../lambdas/common/core/products/product.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { apiAs } from "../helpers/e2e/api.ts";
import { asinSeries } from "../helpers/e2e/asins.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { type StoredProduct, StoredProducts } from "../helpers/e2e/stored-products.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

/*
 * A day passes for stored content: its hours are moved back in the table, because the other files share the stack and its clock.
 */

const DAY_MS = 24 * 3_600_000;
const [ended = "", kept = ""] = asinSeries("LCNC", 2);
const key = (asin: string): string => `www.amazon.com#${asin}`;

const { emulatorUrl, tables, bucket } = inject("outputs");
const { products: productsTable = "", operations = "", "content-ends": contentEnds = "" } = tables;
let world: World;
let documents: DynamoDBDocumentClient;
let s3: S3Client;
let catalogId: string;
let file: Export;

const stored = (asin: string): Promise<StoredProduct> => new StoredProducts(documents, productsTable).read(key(asin));

/** As if everything that Amazon's API gave had been fetched so much earlier. */
const age = (asin: string, byMs: number): Promise<void> =>
  new StoredProducts(documents, productsTable).age(key(asin), byMs);

/** Has the sweep find something that ended: it passes over what is noted for the past. */
const noteForTheSweep = async (content: object): Promise<void> => {
  const dueMs = Date.now();
  const ends = new ContentEnds(documents, contentEnds, { now: () => dueMs });
  const sweep = await ends.readSweep();
  await documents.send(
    new PutCommand({
      TableName: contentEnds,
      Item: { ends_hour: endsHour(dueMs), ends_at_id: `${isoTime(dueMs)}#test`, expires_at: 0, ...content },
    }),
  );
  const place = isoTime(dueMs - 60_000);
  await ends.saveSweep({ raw_swept_at: null, table_after: null, table_swept_at: isoTime(dueMs), ...sweep, place });
};

/** Writes an export of the catalog, and waits for it. */
const writeExport = async (): Promise<Export> => {
  const asked = await world.demo.call("POST", `/catalogs/${catalogId}/exports`, {
    body: JSON.stringify({ format: "csv" }),
    headers: { "content-type": "application/json" },
  });
  const { export_id } = ExportSchema.parse(asked.body);
  return waitFor(
    "the export",
    async () => ExportSchema.parse((await world.demo.call("GET", `/exports/${export_id}`)).body),
    ({ state }) => state === "ready",
    60,
  );
};

const catalogProducts = async (query: Record<string, string> = {}) => {
  const { body } = await world.demo.call("GET", `/catalogs/${catalogId}/products`, { query });
  const { items } = pageOf(CatalogProductSchema).parse(body);
  return new Map(items.map((item) => [item.asin, item]));
};

beforeAll(async () => {
  world = await openWorld();
  const config = clientConfig(emulatorUrl);
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  s3 = new S3Client({ ...config, forcePathStyle: true });
  catalogId = await world.demo.start(`asin\n${ended}\n${kept}\n`, { name: "licences.csv" });
  await world.demo.follow(catalogId, { seconds: 90 });
  file = await writeExport();
});

afterAll(() => {
  documents.destroy();
  s3.destroy();
  world.deployed.close();
});

describe("content of the Creators API", () => {
  it("says of each field who gave it, until when it may be kept, and whether it may stand on a site", async () => {
    const product = (await catalogProducts()).get(ended)?.product;
    const origin = product?.provenance.current_price;
    expect(origin).toMatchObject({ source: "creators-api", public: true });
    expect(Date.parse(origin?.store_until ?? "") - Date.parse(origin?.fetched_at ?? "")).toBe(DAY_MS);
    expect(product?.expired_at).toBeNull();
  });

  it("is noted to end before it is stored, and its export ends with it", async () => {
    const product = (await catalogProducts()).get(kept)?.product;
    expect(file.valid_until).toBe(product?.provenance.title?.store_until);
    expect(Date.parse(file.expires_at ?? "")).toBeLessThanOrEqual(Date.parse(file.valid_until ?? ""));
  });

  it("is not given out once its day is over, before anybody has removed it", async () => {
    await age(ended, DAY_MS);
    expect((await stored(ended)).title).not.toBeNull();
    const seen = await catalogProducts();
    const product = seen.get(ended)?.product;
    expect(product).toMatchObject({ asin: ended, status: "active", stale: true, expired_at: expect.any(String) });
    // ASINs may be kept without end.
    const content = PRODUCT_FIELDS.filter((field) => field !== "parent_asin");
    for (const field of content) expect(product?.[field], field).toBeNull();
    expect(product?.missing).toContainEqual({ field: "current_price", reason: "expired" });
    expect(seen.get(kept)?.product?.title).toBeTruthy();
  });

  it("is removed from the table by the sweep, and what is ours stays", async () => {
    const before = await stored(ended);
    await waitFor(
      "the sweep to remove it",
      async () => {
        // A pass of the schedule may be past the place meanwhile.
        await noteForTheSweep({ kind: "products", product_keys: [key(ended), key(kept)] });
        await world.deployed.invoke("sweep-expired");
        return stored(ended);
      },
      ({ title }) => title === null,
      60,
    );
    const after = await stored(ended);
    expect(after).toMatchObject({ status: "active", created_at: before.created_at, raw_keys: [] });
    expect(Object.keys(after.provenance)).toEqual(["parent_asin"]);
    expect(JSON.stringify(after)).not.toContain(String(before.title));
    expect((await stored(kept)).title).not.toBeNull();
  });

  it("leaves with its export: the address is refused, and the file goes", async () => {
    const operation_key = `export#${file.export_id}`;
    const { Item } = await documents.send(new GetCommand({ TableName: operations, Key: { operation_key } }));
    const { object_key: Key } = ExportJobSchema.parse(Item);
    const head = () => s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    expect((await head()).ContentLength).toBeGreaterThan(0);
    await documents.send(
      new UpdateCommand({
        TableName: operations,
        Key: { operation_key },
        UpdateExpression: "SET valid_until = :over",
        ExpressionAttributeValues: { ":over": isoTime(Date.now()) },
      }),
    );
    const problem = await world.demo.refusal(410, "GET", `/exports/${file.export_id}`);
    expect(problem.code).toBe("export_expired");
    await waitFor(
      "the sweep to remove the file",
      async () => {
        await noteForTheSweep({ kind: "export", object_key: Key });
        await world.deployed.invoke("sweep-expired");
        return head().then(
          () => true,
          () => false,
        );
      },
      (isThere) => !isThere,
      60,
    );
  });

  it("is enriched again by the next run, which takes nothing that ended from the table", async () => {
    const before = await world.upstream.calls();
    const { status } = await world.demo.call("POST", `/catalogs/${catalogId}/enrich`);
    expect(status).toBe(202);
    await world.demo.follow(catalogId, { seconds: 90 });
    expect((await world.upstream.calls()).total).toBeGreaterThan(before.total);
    const product = (await catalogProducts()).get(ended)?.product;
    expect(product).toMatchObject({ title: expect.any(String), expired_at: null });
  });
});

describe("a source that is revoked", () => {
  const content = { "content-type": "application/json" };
  const revocations = "/licences/revocations";

  it("is gone from the table, look-ups, lists and exports, and what others gave stands", async () => {
    const operator = await apiAs(inject("outputs"), "operator");
    const { title, current_price } = await stored(kept);
    // As if Keepa had given the title: the stack has no credentials for it.
    await new StoredProducts(documents, productsTable).changeOrigins(key(kept), (provenance) => ({
      ...provenance,
      title: { source: "keepa", fetched_at: isoTime(Date.now()) },
    }));
    const before = await writeExport();

    const { body } = await operator.call("POST", "/licences/report");
    const { requested_at } = CountRequestedSchema.parse(body);
    const report = await waitFor(
      "the count",
      async () => {
        await world.deployed.invoke("sweep-expired");
        return LicenceReportSchema.parse((await world.demo.call("GET", "/licences/report")).body);
      },
      ({ counted_at, counting }) => counting === null && (counted_at ?? "") >= requested_at,
      60,
    );
    const held = report.sources.find(({ source }) => source === "keepa")?.held;
    expect(held?.fields).toBeGreaterThanOrEqual(1);
    expect(held?.exports).toBeGreaterThanOrEqual(1);

    const asked = { body: JSON.stringify({ source: "keepa" }), headers: content };
    expect((await world.demo.refusal(403, "POST", revocations, asked)).code).toBe("forbidden");
    const { revocation_id } = RevocationViewSchema.parse((await operator.call("POST", revocations, asked)).body);
    try {
      const view = await waitFor(
        "the removal",
        async () => {
          await world.deployed.invoke("sweep-expired");
          const path = `${revocations}/${revocation_id}`;
          return RevocationViewSchema.parse((await operator.call("GET", path)).body);
        },
        ({ state }) => state !== "removing",
        60,
      );
      expect(view.state).toBe("settling");
      expect(view.removed).toMatchObject({ fields: held?.fields, products: held?.products, exports: held?.exports });
      expect(JSON.stringify(await stored(kept))).not.toContain(String(title));
      const shown = await world.demo.call("GET", `/products/${kept}`, { query: { marketplace: "www.amazon.com" } });
      const gone = expect.arrayContaining([{ field: "title", reason: "revoked" }]);
      expect(shown.body).toMatchObject({ title: null, current_price, status: "draft", missing: gone });
      expect((await catalogProducts()).get(kept)?.product).toMatchObject({
        title: null,
        current_price,
        missing: gone,
      });
      expect((await world.demo.refusal(410, "GET", `/exports/${before.export_id}`)).code).toBe("export_revoked");
      const after = await writeExport();
      const text = await (await fetch(after.download_url ?? "")).text();
      expect(text).toContain(String(current_price));
      expect(text).not.toContain(String(title));
    } finally {
      const ended = await operator.call("DELETE", `${revocations}/${revocation_id}`);
      expect(ended.body).toMatchObject({ state: "cancelled" });
    }
  });
});
