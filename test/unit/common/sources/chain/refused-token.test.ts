import { describe, expect, it } from "vitest";
import { SpApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/sp-api/secret.ts";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { descriptor } from "../../../../../lambdas/common/sources/sp-api/descriptor.ts";
import { type FakeReply, fakeUpstream } from "../../../../helpers/source-context.ts";
import { bench, fakeSource, request } from "./fakes.ts";

const A = "B000000001";
const US_ID = "ATVPDKIKX0DER";
const SECRET = SpApiSecretSchema.parse({
  client_id: "id",
  client_secret: "shh",
  refresh_token: "Atzr|1",
  region: "NA",
});
const ITEM = {
  asin: A,
  summaries: [{ marketplaceId: US_ID, itemName: "Lamp" }],
  images: [{ marketplaceId: US_ID, images: [{ variant: "MAIN", link: "https://x.test/1.jpg", height: 9, width: 9 }] }],
};
const OFFERS = {
  responses: [
    {
      status: { statusCode: 200 },
      request: { Asin: A },
      body: { payload: { ASIN: A, status: "NoBuyableOffers", Summary: { TotalOfferCount: 0 } } },
    },
  ],
};

/** An enrichment from SP-API whose first `refusals` calls are answered 403 with these words about the token. */
const enrich = async (details: string, refusals: number) => {
  const refusal: FakeReply = {
    status: 403,
    body: { errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details }] },
  };
  let issued = 0;
  let refused = 0;
  const seen: (string | null)[] = [];
  const { context } = fakeUpstream(SECRET, ({ url, headers }) => {
    if (url.pathname === "/auth/o2/token") {
      issued += 1;
      return { body: { access_token: `Atza|${issued}`, token_type: "bearer", expires_in: 3600 } };
    }
    seen.push(headers.get("x-amz-access-token"));
    if (refused < refusals) {
      refused += 1;
      return refusal;
    }
    return { body: url.pathname.startsWith("/catalog") ? { numberOfResults: 1, items: [ITEM] } : OFFERS };
  });
  const { limitFor } = fakeSource({ id: "sp-api" });
  const world = bench([{ descriptor, client: descriptor.create(context), limitFor }]);
  const { outcomes } = await enrichByChain(world.deps, request([A]));
  const reports = world.limiter.reports.map(({ outcome }) => outcome.kind);
  return { outcome: [...outcomes.values()][0], reports, seen, limiter: world.limiter };
};

describe.each([
  "The access token you provided has expired.",
  "The access token you provided is revoked, malformed or invalid.",
])("SP-API's 403 with “%s”", (words) => {
  it("costs a second slot and nothing else: a new token is fetched and the call made again", async () => {
    const { outcome, reports, seen } = await enrich(words, 1);
    expect(outcome).toMatchObject({ kind: "enriched", source: "sp-api", incomplete: false });
    expect(seen).toEqual(["Atza|1", "Atza|2", "Atza|2"]);
    expect(reports).toEqual(["success", "success", "success"]);
  });

  it("is critical when it comes again: the source pauses, and nothing is held against the product", async () => {
    const { outcome, reports, seen } = await enrich(words, 9);
    expect(seen).toEqual(["Atza|1", "Atza|2"]);
    expect(reports).toEqual(["success", "critical"]);
    expect(outcome).toMatchObject({ kind: "wait", reason: "paused", source: "sp-api" });
  });
});
