import { expect, it } from "vitest";
import { enrichProducts } from "../../../../lambdas/sources/chain/enrich-products.ts";
import { bench, fakeSource, request, START } from "./fakes.ts";

it("says of a source that somebody else's call paused why it is, as the call itself would", async () => {
  const { deps, limiter } = bench([fakeSource({ id: "creators-api" })]);
  const refusal = {
    reason: "paused",
    retry_at_ms: START + 900_000,
    code: "AssociateNotEligible",
    detail: "Your account does not",
  } as const;
  limiter.refusals.set("creators-api#me", [{ refusal, sticky: true }]);
  const { blocked_by } = await enrichProducts(deps, request(["B000000001"]));
  expect(blocked_by).toMatchObject([{ source: "creators-api", code: "AssociateNotEligible" }]);
  expect(blocked_by[0]?.action).toMatch(/10 qualified sales.*Wait for sales/);
  expect(blocked_by[0]?.action).not.toContain("Your account");
});
