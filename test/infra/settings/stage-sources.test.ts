import { describe, expect, it } from "vitest";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../../lib/config/optional-sources.ts";
import { STAGES, settingsOf } from "../stage/synth-stage.ts";
import { own } from "./own-settings.ts";

describe("the sources of a stage", () => {
  const ids = (settings: Record<string, unknown>) => own(settings).sources.map(({ id }) => id);

  it("are the licensed ones in the order of their accuracy, on every stage", () => {
    for (const stage of STAGES) {
      expect(settingsOf(stage).sources.map(({ id }) => id)).toEqual(["creators-api", "sp-api", "keepa"]);
    }
  });

  it("get the optional ones by their switches: PA-API after the Creators API, the others last", () => {
    const sources = [{ id: "creators-api" }, { id: "keepa" }];
    const product_pages = PRODUCT_PAGES_ACKNOWLEDGEMENT;
    expect(ids({ sources, paapi: true })).toEqual(["creators-api", "paapi", "keepa"]);
    expect(ids({ sources, sample_data: true, product_pages })).toEqual([
      "creators-api",
      "keepa",
      "product-page",
      "sample-data",
    ]);
    expect(ids({ sources: [{ id: "keepa" }], paapi: true })).toEqual(["paapi", "keepa"]);
  });

  it("keep the place and limits that the stage lists for an optional one", () => {
    const sources = [{ id: "creators-api" }, { id: "keepa" }, { id: "paapi", calls_per_second: 2 }];
    expect(own({ sources, paapi: true }).sources.at(-1)).toMatchObject({ id: "paapi", calls_per_second: 2 });
  });

  it.each([
    ["paapi", "paapi"],
    ["product-page", "product_pages"],
    ["sample-data", "sample_data"],
  ])("refuse a listed %s without its switch", (id, setting) => {
    expect(() => own({ sources: [{ id }] })).toThrow(new RegExp(`${id} needs stages.dev.${setting}`));
  });

  it("take product pages only by the sentence that takes the blame, and say which", () => {
    for (const product_pages of [true, "yes"]) {
      expect(() => own({ product_pages })).toThrow(/product_pages: must be false, or "Amazon's Conditions of Use/);
    }
  });
});
