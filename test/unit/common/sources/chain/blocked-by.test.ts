import { expect, it } from "vitest";
import { enrichByChain } from "../../../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { bench, fakeSource, request, START } from "./fakes.ts";

it("says of a source that somebody else's call paused why it is, as the call itself would", async () => {
  const { deps, limiter } = bench([fakeSource({ id: "creators-api" })]);
  const refusal = {
    reason: "paused",
    retryAtMs: START + 900_000,
    code: "AssociateNotEligible",
    detail: "Your account does not",
  } as const;
  limiter.refusals.set("creators-api#me", [{ refusal, sticky: true }]);
  const { blockedBy } = await enrichByChain(deps, request(["B000000001"]));
  expect(blockedBy).toMatchObject([{ source: "creators-api", code: "AssociateNotEligible" }]);
  expect(blockedBy[0]?.action).toMatch(/10 qualified sales.*Wait for sales/);
  expect(blockedBy[0]?.action).not.toContain("Your account");
});
