import { expect, it } from "vitest";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { OWN_CODES } from "../../../../../lambdas/common/core/sources/failure-codes.ts";
import { keptWords } from "../../../../../lambdas/common/sources/checks/kept-words.ts";
import { LICENCES } from "../../../../helpers/rights.ts";

const message = "Desk lamp for 19.90 is not for you";

it("keeps the words of a source exactly where its licence sets no end", () => {
  for (const source of SOURCE_IDS) {
    const isKept = keptWords({ source, rawCode: "Timeout", message }, LICENCES) === message;
    expect([source, isKept]).toEqual([source, LICENCES[source].store_seconds === null]);
  }
});

it("says for the others what the code means and what to do, and names a code that is not known", () => {
  const of = (rawCode: string) => keptWords({ source: "creators-api", rawCode, message }, LICENCES);
  expect(of("NoPartnerTag")).toContain("Add the shop's tag: enrichline credentials set creators-api.");
  expect(of("Odd")).toContain("Odd");
  expect(of(OWN_CODES.NOT_FOUND)).toBe("no source has this product");
  for (const code of ["NoPartnerTag", "Odd", ...Object.values(OWN_CODES)]) expect(of(code)).not.toContain("lamp");
});

it("keeps our own words where no source was asked", () => {
  expect(keptWords({ source: null, rawCode: OWN_CODES.SHOP_OFF, message: "switched off" }, LICENCES)).toBe(
    "switched off",
  );
});
