// npm amazon-paapi against the PA-API simulator, over TLS to the shops' own host names.
const { createRequire } = require("node:module");
const { check, errorOf, pause, finish } = require("./check.cjs");

const amazon = createRequire(`${process.env.CLIENTS_DIR}/`)("amazon-paapi");
const secret = JSON.parse(process.env.LOCAL_SECRETS).paapi;
const shop = "www.amazon.de";
const common = {
  AccessKey: secret.access_key,
  SecretKey: secret.secret_key,
  PartnerTag: secret.partner_tags[shop],
  PartnerType: "Associates",
  Marketplace: shop,
};
const ids = { ItemIds: ["B071HMM81V", "not-one"], ItemIdType: "ASIN", Condition: "New" };

finish(async () => {
  const resources = ["Images.Primary.Medium", "ItemInfo.Title", "Offers.Listings.Price"];
  const items = await amazon.GetItems(common, { ...ids, Resources: resources });
  const [item] = items.ItemsResult.Items;
  check("GetItems gives the good item", item.ASIN === "B071HMM81V", items);
  check("in euro", item.Offers.Listings[0].Price.Currency === "EUR", item.Offers);
  check("and names the bad id", items.Errors[0].Message.includes("not-one"), items.Errors);
  const tooSoon = await errorOf(amazon.GetItems(common, ids));
  check("a second call in the same second is 429", tooSoon?.status === 429, tooSoon);
  await pause(1050);
  const second = await amazon.GetItemsV2(common, { ...ids, Resources: ["Offers.Listings.Price"] });
  check(
    "GetItemsV2 gives the new offers",
    second.ItemsResult.Items[0].OffersV2.Listings[0].Price.Money.Amount > 0,
    second,
  );
  await pause(1050);
  const found = await amazon.SearchItems(common, { Keywords: "lamp", SearchIndex: "All", ItemCount: 3 });
  check("SearchItems gives three", found.SearchResult.Items.length === 3, found);
  await pause(1050);
  const family = await amazon.GetVariations(common, {
    ASIN: "B0ZABCDEF1",
    Resources: ["VariationSummary.VariationDimension"],
  });
  check("GetVariations gives a page of ten", family.VariationsResult.Items.length === 10, family);
  await pause(1050);
  const nodes = await amazon.GetBrowseNodes(common, { BrowseNodeIds: ["3045"] });
  check("GetBrowseNodes gives the node", nodes.BrowseNodesResult.BrowseNodes[0].Id === "3045", nodes);
  await pause(1050);
  const wrong = await errorOf(amazon.GetItems({ ...common, SecretKey: "wrong" }, ids));
  check("a wrong secret is 401", wrong?.status === 401, wrong);
});
