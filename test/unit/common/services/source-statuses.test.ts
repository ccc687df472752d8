import { describe, expect, it } from "vitest";
import * as z from "zod";
import { SOURCE_LICENCES } from "../../../../lambdas/common/core/licences/source-licences.ts";
import type { RateLimit } from "../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { SourceDescriptor } from "../../../../lambdas/common/core/sources/source-descriptor.ts";
import { createReadSourceStatuses, toEstimateSource } from "../../../../lambdas/common/services/source-statuses.ts";
import { limitState } from "../../../helpers/source-status.ts";

const SecretSchema = z.object({ key: z.string() });
const descriptor = (secretSchema: z.ZodType | null, more: SourceDescriptor["operations"] = []): SourceDescriptor => ({
  id: "keepa",
  operations: [{ name: "product", idsPerCall: 100, limitKey: null, cost: (ids) => ids }, ...more],
  fields: [],
  marketplaces: ["www.amazon.com"],
  accuracy: 0.85,
  licence: SOURCE_LICENCES.keepa,
  cacheTtl: 1800,
  secretSchema,
  defaultLimits: { callsPerSecond: 1, callsPerDay: null },
  account: () => "acct",
  classifyError: () => "retriable",
  create: () => {
    throw new Error("a sourceStatus must never build a client");
  },
  probe: async () => {
    throw new Error("a sourceStatus must never call the source");
  },
});

const setUp = (
  text: string | undefined,
  schema: z.ZodType | null = SecretSchema,
  more: SourceDescriptor["operations"] = [],
) => {
  const asked: RateLimit[] = [];
  const world = { nowMs: 1_000_000, fails: false };
  const read = createReadSourceStatuses({
    settings: [
      { id: "keepa", units_per_day: 1000, allowance_share: 0.5, endpoints: {} },
      { id: "product-page", allowance_share: 1, endpoints: {} },
    ],
    describe: (id) => (id === "keepa" ? descriptor(schema, more) : undefined),
    revoked: async () => new Set(),
    secrets: { read: async () => (text === undefined ? undefined : { text, version: "1" }) },
    limiter: {
      state: async (limit) => {
        if (world.fails) throw new Error("the table is away");
        asked.push(limit);
        return limitState({ limitKey: limit.limitKey });
      },
    },
    clock: { now: () => world.nowMs },
  });
  return { read, asked, world };
};

describe("createReadSourceStatuses", () => {
  it("reads the state of the account's limit and leaves out sources that this build does not have", async () => {
    const { read, asked } = setUp('{"key":"k"}');
    const statuses = await read();
    expect(statuses).toMatchObject([{ id: "keepa", configured: true, operation: { name: "product" } }]);
    expect(asked).toEqual([{ limitKey: "keepa#acct", callsPerSecond: 1, unitsPerDay: 1000, allowanceShare: 0.5 }]);
  });

  it("reads every limit that the source has, each once", async () => {
    const one = { idsPerCall: 1, cost: () => 1 };
    const { read, asked } = setUp('{"key":"k"}', SecretSchema, [
      { ...one, name: "search", limitKey: null },
      { ...one, name: "item-offers", limitKey: "item-offers", callsPerSecond: 0.1 },
    ]);
    expect(await read()).toMatchObject([
      { state: { limitKey: "keepa#acct" }, otherStates: [{ limitKey: "keepa#acct#item-offers" }] },
    ]);
    expect(asked.map(({ limitKey, callsPerSecond }) => [limitKey, callsPerSecond])).toEqual([
      ["keepa#acct", 1],
      ["keepa#acct#item-offers", 0.1],
    ]);
  });

  it.each([undefined, "not json", '{"key":7}', "{}"])(
    "calls a source without usable credentials not configured: %s",
    async (text) => {
      const { read, asked } = setUp(text);
      expect(await read()).toMatchObject([{ configured: false, state: null }]);
      expect(asked).toHaveLength(0);
    },
  );

  it("needs no secret where the source needs none", async () => {
    expect(await setUp(undefined, null).read()).toMatchObject([{ configured: true }]);
  });

  it("is asked again after 3 s, not before, and never remembers a failure", async () => {
    const { read, asked, world } = setUp('{"key":"k"}');
    await read();
    world.nowMs += 2_999;
    await read();
    expect(asked).toHaveLength(1);
    world.nowMs += 1;
    world.fails = true;
    await expect(read()).rejects.toThrow("the table is away");
    world.fails = false;
    expect(await read()).toMatchObject([{ configured: true }]);
  });
});

it("toEstimateSource counts the share of the day that may be used", async () => {
  const [sourceStatus] = await setUp('{"key":"k"}').read();
  expect(sourceStatus && toEstimateSource(sourceStatus)).toMatchObject({
    id: "keepa",
    unitsPerDay: 500,
    idsPerCall: 100,
  });
});
