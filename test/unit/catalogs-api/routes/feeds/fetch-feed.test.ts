import { describe, expect, it } from "vitest";
import { FEED_LIMIT } from "../../../../../lambdas/common/core/access/call-limits.ts";
import { MAX_FEED_PRODUCTS } from "../../../../../lambdas/common/core/access/feed.ts";
import { newSecret } from "../../../../../lambdas/common/platform/access/access-secrets.ts";
import { aProduct } from "../../../../helpers/products.ts";
import { asinNumber, NOON } from "../../../../helpers/rows.ts";
import { ANNA, FEEDS, feedsWorld } from "./feeds-world.ts";

const DAY_MS = 24 * 3_600_000;
const productOf = (n: number, changes: Parameters<typeof aProduct>[0] = {}) =>
  aProduct({ product_id: `www.amazon.com#${asinNumber(n)}`, asin: asinNumber(n), ...changes });
const linesOf = (csv: string): string[] => csv.trimEnd().split("\r\n");

describe("a feed", () => {
  it("has the products in the catalog's order, what is not known yet empty, with times and notices, as CSV", async () => {
    const { ask, make, save, skus } = feedsWorld();
    skus[asinNumber(1)] = "lamp-1";
    await save(productOf(1, { title: "Desk lamp, brass" }));
    const { status, headers, text } = await ask("GET", (await make()).csv_path);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const [names, first, ...rest] = linesOf(text);
    expect(names).toBe(
      "asin,sku,marketplace,title,price,currency,availability,image_url,url,source,as_of,valid_until,expired_at,notices",
    );
    const until = new Date(NOON + DAY_MS).toISOString();
    expect(first).toContain(
      `${asinNumber(1)},lamp-1,www.amazon.com,"Desk lamp, brass",19.90,USD,in_stock,https://images.example/lamp.jpg,`,
    );
    expect(first).toContain(`,creators-api,${new Date(NOON).toISOString()},${until},,`);
    expect(first).toContain("As an Amazon Associate");
    expect(rest).toEqual([2, 3].map((n) => `${asinNumber(n)},,www.amazon.com${",".repeat(11)}`));
  });

  it("says the same as JSON", async () => {
    const { ask, make, save } = feedsWorld();
    await save(productOf(2));
    const { headers, text } = await ask("GET", (await make()).json_path);
    expect(headers.get("content-type")).toBe("application/json");
    const { name, valid_until, notices, items } = JSON.parse(text);
    expect([name, valid_until]).toEqual(["Lamps", new Date(NOON + DAY_MS).toISOString()]);
    expect(notices.map(({ id }: { id: string }) => id)).toEqual(["prices", "content", "associate"]);
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ asin: asinNumber(1), title: null, as_of: null });
    expect(items[1]).toMatchObject({
      asin: asinNumber(2),
      title: "Desk lamp",
      price: "19.90",
      as_of: expect.any(String),
    });
  });

  it("leaves out by default what may not stand on a public site, and shows it where all was asked for", async () => {
    const { ask, make, save } = feedsWorld();
    const product = productOf(1);
    const provenance = Object.fromEntries(
      Object.keys(product.provenance).map((field) => [
        field,
        { source: "keepa" as const, fetched_at: product.last_refresh_at },
      ]),
    );
    await save({ ...product, provenance });
    const itemOf = async (request: object) =>
      JSON.parse((await ask("GET", (await make(request)).json_path)).text).items[0];
    expect(await itemOf({ name: "n" })).toMatchObject({ title: "Desk lamp", price: null, currency: null });
    expect(await itemOf({ name: "n", fields: "all" })).toMatchObject({ title: "Desk lamp", price: "19.90" });
  });

  it("makes cells harmless that a spreadsheet would compute", async () => {
    const { ask, make, save, skus } = feedsWorld();
    skus[asinNumber(1)] = "@SUM(A1)";
    await save(productOf(1, { title: '=HYPERLINK("https://evil.example")' }));
    const { text } = await ask("GET", (await make()).csv_path);
    expect(text).toContain(`,'@SUM(A1),www.amazon.com,"'=HYPERLINK(""https://evil.example"")",`);
  });

  it("has no field at its licence's end or after it, and is kept by caches no longer than until then", async () => {
    const { ask, make, save, world } = feedsWorld();
    await save(productOf(1));
    const { json_path } = await make();
    const at = async (nowMs: number) => {
      world.nowMs = nowMs;
      const { headers, text } = await ask("GET", json_path);
      const { items, valid_until, notices } = JSON.parse(text);
      return { kept: headers.get("cache-control"), item: items[0], valid_until, notices };
    };
    const end = NOON + DAY_MS;
    expect((await at(NOON)).kept).toBe("public, max-age=300");
    expect((await at(end - 300_001)).kept).toBe("public, max-age=300");
    expect((await at(end - 90_500)).kept).toBe("public, max-age=90");
    const last = await at(end - 1);
    expect([last.kept, last.item.title]).toEqual(["no-store", "Desk lamp"]);
    const over = await at(end);
    expect(over).toMatchObject({ kept: "public, max-age=300", valid_until: null, notices: [] });
    expect(over.item).toMatchObject({ asin: asinNumber(1), title: null, price: null, url: null, image_url: null });
    expect(over.item.expired_at).toBe(new Date(end).toISOString());
  });

  it("is read again when a field ended while it was read, and is not given while one ends with each reading", async () => {
    const { ask, make, save, world, between } = feedsWorld();
    await save(productOf(1));
    const { json_path } = await make();
    const end = NOON + DAY_MS;
    world.nowMs = end - 1;
    between.reads = () => {
      world.nowMs = end;
    };
    const { status, text } = await ask("GET", json_path);
    const { items, valid_until } = JSON.parse(text);
    expect([status, items[0].title, items[0].price, valid_until]).toEqual([200, null, null, null]);
    for (const n of [1, 2, 3]) {
      const fetched_at = new Date(NOON + n).toISOString();
      await save(productOf(n, { provenance: { title: { source: "creators-api", fetched_at } } }));
    }
    world.nowMs = end;
    let readings = 0;
    between.reads = () => {
      world.nowMs += 1;
      readings += 1;
    };
    expect([(await ask("GET", json_path)).status, readings]).toEqual([503, 3]);
  });

  it("gives nothing of a source that is revoked", async () => {
    const { ask, make, save, revoked } = feedsWorld();
    await save(productOf(1));
    revoked.add("creators-api");
    const { text } = await ask("GET", (await make()).json_path);
    expect(JSON.parse(text).items[0]).toMatchObject({ asin: asinNumber(1), title: null, price: null });
  });

  it("answers 304 without a body to who has it, and anew once a product has changed", async () => {
    const { ask, make, save } = feedsWorld();
    await save(productOf(1));
    const { csv_path, json_path } = await make();
    const etag = (await ask("GET", csv_path)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = (known: string, path = csv_path) => ask("GET", path, {}, undefined, { "if-none-match": known });
    for (const known of [etag, `"other", W/${etag}`, "*"]) {
      const { status, text, headers } = await again(known);
      expect([known, status, text, headers.get("etag")]).toEqual([known, 304, "", etag]);
      expect(headers.get("cache-control")).toBe("public, max-age=300");
    }
    expect((await again('"other"')).status).toBe(200);
    expect((await again(etag, json_path)).status).toBe(200);
    await save(productOf(1, { title: "Floor lamp", updated_at: new Date(NOON + 1).toISOString() }));
    const changed = await again(etag);
    expect([changed.status, changed.text.includes("Floor lamp")]).toEqual([200, true]);
  });
});

it("a feed answers HEAD as GET, without the body", async () => {
  const { ask, make, save } = feedsWorld();
  await save(productOf(1));
  const { csv_path } = await make();
  const got = await ask("GET", csv_path);
  const head = await ask("HEAD", csv_path);
  expect([head.status, head.text]).toEqual([200, ""]);
  for (const name of ["etag", "cache-control", "content-type"])
    expect(head.headers.get(name)).toBe(got.headers.get(name));
  expect((await ask("HEAD", "/feeds/x.csv")).status).toBe(404);
});

describe("an address that is none", () => {
  it("answers alike whether it was never there, is revoked, is wrong by a letter or its catalog is gone", async () => {
    const { ask, make, world } = feedsWorld();
    const { feed_id, csv_path } = await make();
    const stranger = newSecret("feed", feed_id).secret;
    const unknown = newSecret("feed", "feed_zzzzzzzzzzzzzzzz").secret;
    const wrong = [`${stranger}.csv`, `${unknown}.csv`, "x.csv", `${csv_path.slice(7, -5)}.csv`, csv_path.slice(7, -4)];
    const answers = await Promise.all(wrong.map((file) => ask("GET", `/feeds/${file}`)));
    expect((await ask("GET", csv_path.replace(".csv", ".xml"))).status).toBe(404);
    const { catalogs } = world;
    world.catalogs = catalogs.map((row) => ({ ...row, deleted_at: row.created_at }));
    answers.push(await ask("GET", csv_path));
    world.catalogs = catalogs;
    await ask("DELETE", `${FEEDS}/${feed_id}`, ANNA);
    answers.push(await ask("GET", csv_path));
    const problems = answers.map(({ status, text }) => {
      const { correlation_id: _, ...problem } = JSON.parse(text);
      return JSON.stringify({ status, problem });
    });
    expect(new Set(problems).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it("is never logged, nor is a good one, whatever comes of it", async () => {
    const { ask, make, world, grow } = feedsWorld();
    const { csv_path, feed_id } = await make();
    const token = csv_path.slice("/feeds/".length, -".csv".length);
    await ask("GET", csv_path);
    await ask("POST", csv_path);
    await ask("GET", `${csv_path}/`);
    await ask("GET", `/feeds//${token}`);
    await ask("GET", `/feeds/${encodeURIComponent(token).replace("e", "%65")}.csv`);
    await ask("GET", `/catalogs/${token}/status`, ANNA);
    await ask("DELETE", `${FEEDS}/${token}`, ANNA);
    await ask("GET", `${csv_path}?fresh=1`);
    grow(MAX_FEED_PRODUCTS + 1);
    await ask("GET", csv_path);
    const logs = JSON.stringify(world.logs);
    expect(logs).not.toContain(token.slice(-43));
    expect(logs).not.toContain(token.slice(-43, -20));
    // The id stays, which is no secret.
    expect(logs).toContain(`/feeds/ef_${feed_id.slice("feed_".length)}_…`);
  });
});

describe("limits of a feed", () => {
  it("a catalog that has grown too large is a 413", async () => {
    const { ask, make, grow } = feedsWorld();
    const { csv_path } = await make();
    grow(MAX_FEED_PRODUCTS + 1);
    const { status, text } = await ask("GET", csv_path);
    expect([status, JSON.parse(text).code]).toEqual([413, "feed_too_large"]);
  });

  it("so is what would not fit an answer", async () => {
    const { ask, make, grow, save } = feedsWorld();
    const { csv_path } = await make();
    grow(100);
    await save(...Array.from({ length: 100 }, (_, n) => productOf(n + 1, { title: "x".repeat(46_000) })));
    const { status, text } = await ask("GET", csv_path);
    expect([status, JSON.parse(text).code]).toEqual([413, "feed_too_large"]);
  });

  it("too many fetches in a minute are a 429 that says when, for this feed alone", async () => {
    const { ask, make, world } = feedsWorld();
    const { csv_path, json_path } = await make();
    const other = await make();
    for (let fetches = 0; fetches < FEED_LIMIT.calls; fetches += 1)
      expect((await ask("GET", csv_path)).status).toBe(200);
    const { status, headers } = await ask("GET", json_path);
    expect([status, headers.get("retry-after")]).toEqual([429, "60"]);
    expect((await ask("GET", other.csv_path)).status).toBe(200);
    world.nowMs += FEED_LIMIT.windowMs;
    expect((await ask("GET", csv_path)).status).toBe(200);
  });
});

it("a feed of somebody who was removed answers as one that never was, and again when they may sign in again", async () => {
  const { ask, make, world } = feedsWorld();
  const { csv_path } = await make();
  expect((await ask("GET", csv_path)).status).toBe(200);
  world.gone.add("anna");
  const { status, text } = await ask("GET", csv_path);
  expect(status).toBe(404);
  const unknown = await ask(
    "GET",
    csv_path.replace(/.\.csv$/, "!.csv").replace("!", csv_path.at(-5) === "A" ? "B" : "A"),
  );
  expect(JSON.parse(text)).toMatchObject({ detail: JSON.parse(unknown.text).detail });
  world.gone.delete("anna");
  expect((await ask("GET", csv_path)).status).toBe(200);
});
