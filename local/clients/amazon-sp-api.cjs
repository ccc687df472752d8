// npm amazon-sp-api against the SP-API simulator: a JSON token request and comma lists, over TLS.
const { createRequire } = require("node:module");
const { check, errorOf, finish } = require("./check.cjs");

const { SellingPartner } = createRequire(`${process.env.CLIENTS_DIR}/`)("amazon-sp-api");
const secret = JSON.parse(process.env.LOCAL_SECRETS)["sp-api"];
const marketplaceIds = ["ATVPDKIKX0DER"];

finish(async () => {
  const seller = new SellingPartner({
    region: "na",
    refresh_token: secret.refresh_token,
    credentials: {
      SELLING_PARTNER_APP_CLIENT_ID: secret.client_id,
      SELLING_PARTNER_APP_CLIENT_SECRET: secret.client_secret,
    },
    options: { auto_request_throttled: false },
  });
  const query = {
    marketplaceIds,
    identifiers: ["B071HMM81V", "B0ABCDEFGH"],
    identifiersType: "ASIN",
    includedData: ["summaries", "images"],
    pageSize: 20,
  };
  const found = await seller.callAPI({
    operation: "searchCatalogItems",
    endpoint: "catalogItems",
    query,
    options: { version: "2022-04-01" },
  });
  check("searchCatalogItems gives both", found.numberOfResults === 2, found);
  const bad = { ...query, identifiers: ["B071HMM81V", "bad"] };
  const error = await errorOf(
    seller.callAPI({
      operation: "searchCatalogItems",
      endpoint: "catalogItems",
      query: bad,
      options: { version: "2022-04-01" },
    }),
  );
  check("one bad id fails the call", error?.code === "InvalidInput", error);
  const throttled = await errorOf(
    seller.callAPI({
      operation: "searchCatalogItems",
      endpoint: "catalogItems",
      query,
      options: { version: "2022-04-01" },
    }),
  );
  check("the third call at once is over the quota", throttled?.code === "QuotaExceeded", throttled);
});
