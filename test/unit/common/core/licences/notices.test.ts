import { describe, expect, it } from "vitest";
import { languageOf, noticesOf } from "../../../../../lambdas/common/core/licences/notices.ts";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";

describe("the notices of a shop", () => {
  it("are Amazon's own words in English, with the shop's name", () => {
    expect(noticesOf("www.amazon.co.uk")).toEqual([
      {
        ...{ id: "prices", language: "en", translation: false },
        text: "Product prices and availability are accurate as of the date/time indicated and are subject to change. Any price and availability information displayed on Amazon.co.uk at the time of purchase will apply to the purchase of this product.",
      },
      {
        ...{ id: "content", language: "en", translation: false },
        text: "CERTAIN CONTENT THAT APPEARS ON THIS SITE COMES FROM AMAZON. THIS CONTENT IS PROVIDED 'AS IS' AND IS SUBJECT TO CHANGE OR REMOVAL AT ANY TIME.",
      },
      {
        ...{ id: "associate", language: "en", translation: false },
        text: "As an Amazon Associate I earn from qualifying purchases.",
      },
    ]);
  });

  it("come in the shop's language too, marked as a translation of ours", () => {
    const german = noticesOf("www.amazon.de");
    expect(german.map(({ id, language, translation }) => [id, language, translation])).toEqual(
      ["prices", "content", "associate"].flatMap((id) => [
        [id, "de", true],
        [id, "en", false],
      ]),
    );
    expect(german[0]?.text).toContain("auf Amazon.de angezeigt");
  });

  it.each(MARKETPLACES.map(({ code }) => code))("name %s and leave no place open", (code) => {
    const notices = noticesOf(code);
    expect(notices).toHaveLength(languageOf(code) === "en" ? 3 : 6);
    for (const { id, text } of notices) {
      expect(text).not.toMatch(/[[\]]/);
      if (id === "prices") expect(text).toContain(code.replace("www.a", "A"));
    }
  });
});
