import { describe, expect, it } from "vitest";
import { createHandler } from "../../../lambdas/accept-requests/handler.ts";
import { readRequest } from "../../../lambdas/accept-requests/request-message.ts";
import { RequestCatalogs } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/request-catalogs.ts";
import { RequestClaims } from "../../../lambdas/common/adapters/dynamodb/operations/request-claims.ts";
import { EVENT_SYSTEM } from "../../../lambdas/common/core/catalogs/system-owner.ts";
import type { OutgoingEvent } from "../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { MARKETPLACES } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { asinNumber, NOON } from "../../helpers/rows.ts";
import { silentLog } from "../../helpers/silent.ts";

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

const request = (number: number, overrides: Record<string, unknown> = {}) => ({
  ...{ asin: asinNumber(number), region: "US", request_id: `r-${number}`, retry_count: 0 },
  ...overrides,
});

/** The message that EventBridge puts on the queue. */
const message = (data: unknown, id = `m-${JSON.stringify(data)}`.slice(0, 100)) =>
  JSON.stringify({
    ...{ version: "0", id, source: "shop.example", "detail-type": "ProductEnrichmentRequested", time: "x" },
    detail: { id: "e-1", version: 1, time: "2026-11-29T12:00:00.000Z", correlation_id: "corr-sender", data },
  });

class RequestWorld {
  readonly tables = new MemoryDynamo({
    status: { keys: ["catalog_id", "batch_id"] },
    operations: { keys: ["operation_key"] },
  });
  readonly files = new Map<string, string>();
  readonly dispatched: RunRow[] = [];
  readonly published: OutgoingEvent[] = [];
  readonly logged: unknown[] = [];
  readonly counted: Record<string, number> = {};
  disabled = new Set<string>();
  ids = 0;
  isAway = false;
  /** What happens right before a catalog is written. */
  before: () => Promise<void> = async () => undefined;

  async deliver(...bodies: readonly string[]): Promise<string[]> {
    const client = this.tables.client();
    const catalogs = new RequestCatalogs(client, "status");
    const handler = createHandler({
      queue: {
        changeVisibility: async () => undefined,
        changeVisibilities: async () => undefined,
        remove: async () => undefined,
      },
      claims: new RequestClaims(client, "operations"),
      catalogs: {
        create: async (...args) => {
          await this.before();
          if (this.isAway) throw new TransientError("the table is away");
          await catalogs.create(...args);
        },
      },
      openSink: (prefix) => this.#sink(prefix),
      dispatcher: {
        topUp: async (runs = []) => {
          this.dispatched.push(...runs);
          return 0;
        },
      },
      shops: async () => ({ disabled: this.disabled }),
      bus: { publish: async (events) => void this.published.push(...events) },
      clock: { now: () => NOON, sleep: async () => undefined },
      newId: () => {
        this.ids += 1;
        return String(this.ids).padStart(7, "0").padEnd(16, "0");
      },
      log: { ...silentLog, warn: (line, extra) => void this.logged.push({ line, ...extra }) },
      meter: {
        ...{ duration: () => undefined, gauge: () => undefined, flush: () => undefined },
        count: (name: string, value: number) => {
          this.counted[name] = (this.counted[name] ?? 0) + value;
        },
      },
    });
    const Records = bodies.map((body, index) => ({
      ...{ messageId: `id-${index}`, receiptHandle: `h-${index}`, body },
      attributes: { ApproximateReceiveCount: "1" },
    }));
    const { batchItemFailures } = await handler({ Records }, CONTEXT);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  #sink(prefix: string) {
    const keys: string[] = [];
    return {
      open: (name: string) => {
        const key = prefix + name;
        let text = "";
        return {
          key,
          write: async (bytes: Uint8Array) => {
            text += Buffer.from(bytes).toString();
          },
          close: async () => {
            keys.push(key);
            this.files.set(key, text);
          },
        };
      },
      abort: async () => {
        for (const key of keys) this.files.delete(key);
      },
    };
  }

  rows(type: string) {
    return this.tables.items("status").filter(({ row_type }) => row_type === type);
  }

  /** What the dispatcher reads of all catalogs. */
  products() {
    return [...this.files]
      .filter(([key]) => /products\/\d+\.ndjson$/.test(key))
      .flatMap(([, text]) => text.trim().split("\n"))
      .map((line) => JSON.parse(line));
  }
}

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

describe("a bad request", () => {
  it.each([
    ["asin", { asin: "nothing" }, /asin: an ASIN is/],
    ["region", { region: "www.amazon.xx" }, /region: unknown marketplace/],
    ["retry_count", { retry_count: -1 }, /retry_count/],
    ["include", { include: "everything" }, /include/],
  ])("is refused for its %s with the reason, counted and answered; the others go on", async (_, fields, reason) => {
    const world = new RequestWorld();
    const failed = await world.deliver(message(request(1)), message(request(2, fields)), message(request(3)));
    expect(failed).toEqual([]);
    expect(world.products().map(({ request: { id } }) => id)).toEqual(["r-1", "r-3"]);
    expect(world.counted).toEqual({ RequestsAccepted: 2, RequestsRefused: 1 });
    expect(world.published).toEqual([
      expect.objectContaining({
        name: "ProductEnrichmentFailed",
        data: expect.objectContaining({
          ...{ request_id: "r-2", error_code: "InvalidRequest", error_message: expect.stringMatching(reason) },
        }),
      }),
    ]);
  });

  it("has the same answer when it is delivered again, and none when it gave no id", async () => {
    const world = new RequestWorld();
    const bad = message(request(1, { asin: "x" }));
    await world.deliver(bad);
    await world.deliver(bad);
    expect(world.published[1]?.identity).toEqual(world.published[0]?.identity);
    await world.deliver(message({ asin: asinNumber(1), region: "US" }), message("text"), message(null));
    expect(world.published).toHaveLength(2);
    expect(world.counted).toEqual({ RequestsRefused: 5 });
  });

  it("is one whose id stood for another product, and one for a shop that is switched off", async () => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)));
    world.disabled = new Set(["www.amazon.de"]);
    await world.deliver(message(request(2, { request_id: "r-1" })), message(request(3, { region: "de" })));
    expect(world.published.map(({ data }) => "error_message" in data && data.error_message)).toEqual([
      expect.stringMatching(/request_id: was used for www\.amazon\.com B0/),
      expect.stringMatching(/region: www\.amazon\.de is switched off/),
    ]);
    expect(world.rows("run")).toHaveLength(1);
  });

  it("may come without an envelope and be a good one, but not with another version of it", async () => {
    const world = new RequestWorld();
    const bare = { id: "m-1", "detail-type": "ProductEnrichmentRequested", detail: request(1) };
    await world.deliver(JSON.stringify(bare));
    expect(world.rows("run")).toEqual([expect.objectContaining({ correlation_id: "r-1" })]);
    await world.deliver(JSON.stringify({ ...bare, id: "m-2", detail: { version: 2, data: request(2) } }));
    expect(world.published).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ error_message: "version: must be 1" }) }),
    ]);
  });
});

describe("foreign text", () => {
  it.each([String.raw`half\ud83d`, "half\ud83d"])("is stored well-formed: %j", async (id) => {
    const world = new RequestWorld();
    await world.deliver(message(request(1)).replace("corr-sender", id));
    expect(world.rows("run")).toEqual([expect.objectContaining({ correlation_id: "half\ufffd" })]);
    expect(world.products().map((product) => product.request.correlation_id)).toEqual(["half\ufffd"]);
  });

  it("with half of a character is refused where nobody repaired it", () => {
    const detail = { correlation_id: "half\ud83d", data: request(1) };
    expect(readRequest({ detail })).toMatchObject({
      ...{ kind: "refused", reason: "correlation_id: must not hold half of a character" },
    });
  });

  it.each([
    ["region", { region: "x".repeat(200_000) }],
    ["include", { include: Array.from({ length: 20_000 }, () => "y") }],
  ])("is quoted shortly in the answer and the log: %s", async (_, fields) => {
    const world = new RequestWorld();
    await world.deliver(message(request(1, fields), "m-long"));
    const [answer] = world.published;
    const words = answer && "error_message" in answer.data ? answer.data.error_message : "";
    expect(words).not.toBe("");
    expect(Buffer.byteLength(words)).toBeLessThanOrEqual(2_048);
    expect(Buffer.byteLength(JSON.stringify([answer, world.logged]))).toBeLessThan(8_000);
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
