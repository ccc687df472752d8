import { describe, expect, it } from "vitest";
import { MarketplaceSchema } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { CreatorsApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import { PaapiSecretSchema } from "../../../../../lambdas/common/core/sources/known/paapi/secret.ts";
import { quoted } from "../../../../../lambdas/common/core/text/quoted.ts";

describe("a quoted text", () => {
  it("is whole up to 40 characters, then cut, and always well-formed", () => {
    expect(quoted("x".repeat(40))).toBe(`"${"x".repeat(40)}"`);
    expect(quoted("x".repeat(41))).toBe(`"${"x".repeat(40)}…"`);
    expect(quoted("half\ud83d")).toBe('"half\ufffd"');
    expect(quoted(`${"x".repeat(39)}\u{1f600}`)).toBe(`"${"x".repeat(39)}\ufffd…"`);
  });

  it.each([
    ["a region", () => MarketplaceSchema.safeParse("x".repeat(200_000))],
    [
      "a shop of a Creators API secret",
      () => CreatorsApiSecretSchema.shape.partner_tags.safeParse({ ["x".repeat(200_000)]: "tag" }),
    ],
    [
      "a shop of a PA-API secret",
      () => PaapiSecretSchema.shape.partner_tags.safeParse({ ["x".repeat(200_000)]: "tag" }),
    ],
  ])("is all that is said of %s", (_, parse) => {
    const messages = parse().error?.issues.map(({ message }) => message) ?? [];
    expect(messages).toHaveLength(1);
    expect(messages[0]?.length).toBeLessThan(120);
  });
});
