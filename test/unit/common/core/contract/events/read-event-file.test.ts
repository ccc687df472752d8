import { describe, expect, it } from "vitest";
import { readEventFile } from "../../../../../../lambdas/common/core/contract/events/read-event-file.ts";

const REQUEST = { asin: "B0EXAMPLE1", region: "US", request_id: "r-1" };
const NAME = "ProductEnrichmentRequested";
const read = (value: unknown) => readEventFile(JSON.stringify(value));

describe("a file of events", () => {
  it("holds one or a list, as on the bus or as a request alone, with an envelope or without", () => {
    const envelope = { id: "e", version: 1, time: "2026-11-29T12:00:00.000Z", correlation_id: "c", data: REQUEST };
    const forms = [
      REQUEST,
      { type: NAME, detail: REQUEST },
      { "detail-type": NAME, detail: REQUEST },
      { DetailType: NAME, detail: envelope },
    ];
    for (const form of forms) expect(read(form).events).toMatchObject([{ name: NAME, detail: { data: REQUEST } }]);
    expect(read(forms).events).toHaveLength(4);
    expect(read(forms).events[3]?.detail).toMatchObject({ id: "e", correlation_id: "c" });
  });

  it.each([
    ["text that is no JSON", undefined, "file"],
    ["nothing", [], "file"],
    ["an unknown event", { type: "Other", detail: {} }, "type"],
    ["a wrong field", { type: NAME, detail: { ...REQUEST, asin: "x" } }, "detail.asin"],
    ["a wrong field of a list", [REQUEST, { ...REQUEST, region: "Atlantis" }], "1.region"],
    ["a wrong envelope", { type: NAME, detail: { version: 2, data: REQUEST } }, "detail.id"],
    ["something else", ["text"], "0"],
  ])("with %s gives no event and names the field", (_, value, field) => {
    const { events, problems } = value === undefined ? readEventFile("{") : read(value);
    expect(events).toEqual([]);
    expect(problems.map((one) => one.field)).toContain(field);
  });
});
