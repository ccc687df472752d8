import { describe, expect, it } from "vitest";
import { asinNumber } from "../../helpers/rows.ts";
import { message, RequestWorld, request } from "./request-world.ts";

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
