// npm paapi5-nodejs-sdk, Amazon's own, against the PA-API simulator over TLS.
const { createRequire } = require("node:module");
const { check, pause, finish } = require("./check.cjs");

const sdk = createRequire(`${process.env.CLIENTS_DIR}/`)("paapi5-nodejs-sdk");
const secret = JSON.parse(process.env.LOCAL_SECRETS).paapi;
const client = sdk.ApiClient.instance;
client.accessKey = secret.access_key;
client.secretKey = secret.secret_key;
client.host = "webservices.amazon.co.jp";
client.region = "us-west-2";
const api = new sdk.DefaultApi();

const call = (operation, request) =>
  new Promise((resolve, reject) => {
    api[operation](request, (error, data) => (error ? reject(error) : resolve(data)));
  });
const fill = (request, fields) =>
  Object.assign(request, { PartnerTag: secret.partner_tags["www.amazon.co.jp"], PartnerType: "Associates", ...fields });

finish(async () => {
  const Resources = ["ItemInfo.Title", "Offers.Listings.Price", "Images.Primary.Large"];
  const data = await call(
    "getItems",
    fill(new sdk.GetItemsRequest(), { ItemIds: ["B071HMM81V", "B0ABCDEFGH"], Resources }),
  );
  const items = sdk.GetItemsResponse.constructFromObject(data).ItemsResult.Items;
  check("getItems gives both", items.length === 2, data);
  check("in whole yen", Number.isInteger(items[0].Offers.Listings[0].Price.Amount), items[0].Offers);
  await pause(1050);
  const found = await call("searchItems", fill(new sdk.SearchItemsRequest(), { Keywords: "lamp", SearchIndex: "All" }));
  const search = sdk.SearchItemsResponse.constructFromObject(found);
  check("searchItems gives ten", search.SearchResult.Items.length === 10, found);
  await pause(1050);
  const family = await call("getVariations", fill(new sdk.GetVariationsRequest(), { ASIN: "B0ZABCDEF1" }));
  check("getVariations gives the family", family.VariationsResult.VariationSummary.VariationCount > 10, family);
});
