import { expect, it } from "vitest";
import { NO_SHOP_SETTINGS, withPartnerTags } from "../../../../../lambdas/common/core/marketplaces/shop-settings.ts";

it("a partner tag of an operator goes before the one in the credentials, and touches nothing else", () => {
  const secret = { account: "me", partner_tags: { "www.amazon.de": "old-21", "www.amazon.fr": "mine-22" } };
  const shops = { ...NO_SHOP_SETTINGS, partnerTags: { "www.amazon.de": "new-21", "www.amazon.it": "more-23" } };
  expect(withPartnerTags(secret, shops)).toEqual({
    account: "me",
    partner_tags: { "www.amazon.de": "new-21", "www.amazon.fr": "mine-22", "www.amazon.it": "more-23" },
  });
  expect(withPartnerTags({ key: "k" }, shops)).toEqual({ key: "k" });
  expect(withPartnerTags(null, shops)).toBeNull();
});
