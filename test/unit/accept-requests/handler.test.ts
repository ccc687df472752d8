import { describe, expect, it } from "vitest";
import { RequestCatalogs } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/request-catalogs.ts";
import { RequestClaims } from "../../../lambdas/common/adapters/dynamodb/operations/request-claims.ts";
import { EVENT_SYSTEM } from "../../../lambdas/common/core/catalogs/system-owner.ts";
import { MARKETPLACES } from "../../../lambdas/common/core/products/marketplaces.ts";
import { asinNumber, NOON } from "../../helpers/rows.ts";
import { message, RequestWorld, request } from "./request-world.ts";

describe("a request that came as an event", () => {
  it("becomes a product of a run with its id and its count, and variations are asked for", async () => {
    const world = new RequestWorld();
    expect(await world.deliver(message(request(1, { retry_count: 2 })))).toEqual([]);
    const [catalog] = world.rows("catalog");
    expect(catalog).toMatchObject({ user_id: EVENT_SYSTEM, state: "ready", rows: { valid: 1 } });
    expect(world.rows("run")).toEqual([
      expect.objectContaining({
        ...{ owner_id: EVENT_SYSTEM, uploaded: 1, express: true, correlation_id: "corr-sender" },
        batch_id: catalog?.tracking_id,
        options: expect.objectContaining({ include_variations: true, force: false, fallback: true }),
      }),
    ]);
    expect(world.products()).toEqual([
      {
        ...{ asin: asinNumber(1), line: 1 },
        request: { id: "r-1", retry_count: 2, correlation_id: "corr-sender" },
      },
    ]);
    expect(world.dispatched.map(({ batch_id }) => batch_id)).toEqual([catalog?.tracking_id]);
    expect(world.counted).toMatchObject({ RequestsAccepted: 1 });
  });

  it("takes the country and the host name of every shop", async () => {
    const world = new RequestWorld();
    const regions = MARKETPLACES.flatMap(({ code, country }) => [code, country]);
    const all = regions.map((region, number) => message(request(number, { region })));
    for (let from = 0; from < all.length; from += 10) await world.deliver(...all.slice(from, from + 10));
    expect(world.counted).toEqual({ RequestsAccepted: 44 });
    const shops = world
      .rows("catalog")
      .flatMap(({ segments }) => (segments as { marketplace: string }[]).map((one) => one.marketplace));
    expect(new Set(shops)).toEqual(new Set(MARKETPLACES.map(({ code }) => code)));
  });

  it("shares a catalog with the others that came with it, by shop and by what they include", async () => {
    const world = new RequestWorld();
    await world.deliver(
      ...[1, 2, 3].map((number) => message(request(number))),
      message(request(4, { region: "DE" })),
      message(request(5, { include: "none" })),
      message(request(6, { include: [] })),
      message(request(7, { include: ["variations"] })),
    );
    expect(world.rows("run").map(({ uploaded, options }) => [uploaded, options])).toEqual([
      [5, expect.objectContaining({ include_variations: true })],
      [2, expect.objectContaining({ include_variations: false })],
    ]);
  });

  it("is enriched once: twice in one delivery, delivered again, and after a lost answer", async () => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)), message(request(1), "another delivery"));
    expect(await world.deliver(message(request(1)))).toEqual([]);
    expect([world.rows("run").length, world.products().length]).toEqual([1, 1]);
    expect(world.counted).toEqual({ RequestsAccepted: 1, RecordDuplicate: 2 });
  });

  it("is enriched again when its sender asks again with a higher count", async () => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)));
    await world.deliver(message(request(1, { retry_count: 1 })));
    expect(world.products().map(({ request: { id, retry_count } }) => [id, retry_count])).toEqual([
      ["r-1", 0],
      ["r-1", 1],
    ]);
  });

  it("has an answer of its own when another one asks for the same product", async () => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)), message(request(1, { request_id: "r-other" })));
    expect(world.products().map(({ request: { id } }) => id)).toEqual(["r-1", "r-other"]);
    expect(world.rows("run")).toHaveLength(2);
  });

  it("comes back when another worker was faster with one of its company, and nothing is left of the attempt", async () => {
    const world = new RequestWorld();
    const other = new RequestClaims(world.tables.client(), "operations");
    world.before = async () => {
      world.before = async () => undefined;
      const claim = other.writeOf(
        { request_id: "r-1", retry_count: 0, product_key: `www.amazon.com#${asinNumber(1)}` },
        "cat_other",
        NOON,
      );
      await new RequestCatalogs(world.tables.client(), "status").create(
        { catalog_id: "cat_other", batch_id: "catalog" } as never,
        { catalog_id: "cat_other", batch_id: "run" } as never,
        [claim],
      );
    };
    const both = [message(request(1)), message(request(2))];
    expect(await world.deliver(...both)).toEqual(["id-0", "id-1"]);
    expect([world.files.size, world.rows("run").length]).toEqual([0, 0]);
    expect(await world.deliver(...both)).toEqual([]);
    expect(world.products().map(({ request: { id } }) => id)).toEqual(["r-2"]);
  });

  it("comes back when the table is away, and is then enriched once", async () => {
    const world = new RequestWorld();
    world.isAway = true;
    expect(await world.deliver(message(request(1)))).toEqual(["id-0"]);
    world.isAway = false;
    expect(await world.deliver(message(request(1)))).toEqual([]);
    expect(world.rows("run")).toHaveLength(1);
  });
});

describe("poison", () => {
  it("goes the way to the dead-letter queue alone", async () => {
    const world = new RequestWorld();
    const other = JSON.stringify({ id: "m", "detail-type": "SomethingElse", detail: request(9) });
    expect(await world.deliver("not JSON {", message(request(1)), other)).toEqual(["id-0", "id-2"]);
    expect(world.rows("run")).toHaveLength(1);
    expect(world.counted).toMatchObject({ RecordInvalid: 2 });
  });
});
