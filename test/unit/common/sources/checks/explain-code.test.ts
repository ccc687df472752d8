import { describe, expect, it } from "vitest";
import { type LimitState, THROTTLED } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import { CREATORS_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/creators-api/failure-codes.ts";
import { KEEPA_FAILURES } from "../../../../../lambdas/common/core/sources/known/keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "../../../../../lambdas/common/core/sources/known/paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "../../../../../lambdas/common/core/sources/known/product-page/failure-codes.ts";
import { SP_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/sp-api/failure-codes.ts";
import { actionFor } from "../../../../../lambdas/common/sources/chain/blocked-by.ts";
import { explainCode } from "../../../../../lambdas/common/sources/checks/explain-code.ts";
import { sourceQuota } from "../../../../../lambdas/operations-api/sources/source-quota.ts";
import { limitState, sourceStatus } from "../../../../helpers/source-status.ts";

const NOW = Date.UTC(2026, 7, 1);
const SOON = { breaker: "open", blockedUntilMs: NOW + 600_000 } as const;
const TRIAL = "A trial call follows by itself at 00:10 UTC on 2026-08-01.";

const TABLES = [
  ["creators-api", CREATORS_API_FAILURES],
  ["paapi", PAAPI_FAILURES],
  ["sp-api", SP_API_FAILURES],
  ["keepa", KEEPA_FAILURES],
  ["product-page", PRODUCT_PAGE_FAILURES],
] as const;

const quota = (id: SourceId, changes: Partial<LimitState>) =>
  sourceQuota(sourceStatus({ id, state: limitState(changes) }), NOW, explainCode);
const paused = (id: SourceId, pauseCode: string) =>
  quota(id, {
    ...SOON,
    blockedReason: "paused",
    blockedDetail: "The request was refused by the upstream for",
    pauseCode,
  });

describe("what the quota says of a paused source", () => {
  it.each<[SourceId, string, RegExp, RegExp]>([
    // No sales: nothing that storing credentials would fix.
    ["creators-api", "AssociateNotEligible", /10 qualified sales in the last 30 days/, /^Wait for sales/],
    ["paapi", "AssociateNotEligible", /no recent sales/, /sales through your links and wait/],
    // A wrong secret.
    ["creators-api", "InvalidClient", /client id and secret/, /credentials set creators-api/],
    ["paapi", "InvalidSignature", /secret key is wrong/, /credentials set paapi/],
    ["sp-api", "invalid_client", /client secret is wrong/, /credentials set sp-api/],
    ["keepa", "InvalidKey", /does not accept this key/, /credentials set keepa/],
    // A key younger than 48 hours.
    ["paapi", "AccessDenied", /may not use/, /up to 48 hours/],
    // The wrong shop or tag.
    ["creators-api", "InvalidPartnerTag", /partner tag is wrong/, /tag of this very shop/],
    ["creators-api", "InvalidAssociate", /not linked to the partner tag/, /shop's tag/],
    ["creators-api", "AuthorizationFailed", /shops of another region/, /this shop's own Associates Central/],
    ["paapi", "InvalidPartnerTag", /not one of this shop/, /tag of this shop/],
    ["sp-api", "Unauthorized", /another region/, /check the region/],
    // A new token did not help either.
    ["sp-api", "AccessTokenExpired", /does not accept the access token/, /authorise the application again/],
    // Nothing but 429.
    ["creators-api", THROTTLED, /younger than 48 hours.*without recent sales/, /^Wait: a new key needs up to 48 hours/],
    ["paapi", THROTTLED, /younger than 48 hours.*without recent sales/, /^Wait: a new key needs up to 48 hours/],
    ["sp-api", THROTTLED, /allowance .* used up/, /^Wait/],
    ["keepa", THROTTLED, /tokens of this key are used up/, /refill every minute/],
    ["product-page", THROTTLED, /refuses every request/, /Leave it alone/],
  ])("%s, %s: the cause, the next step and when it is tried again", (id, code, reason, nextStep) => {
    const said = paused(id, code);
    expect(said.state).toBe("paused");
    expect(said.reason).toMatch(new RegExp(`^${id} is paused: [A-Z]`));
    expect(said.reason).toMatch(reason);
    expect(said.next_step).toMatch(nextStep);
    expect(said.next_step).toContain(TRIAL);
    // The upstream's own words are for engineers, and cut off.
    expect(said.reason).not.toContain("refused by the upstream");
  });

  it.each([
    ["creators-api", "AssociateNotEligible"],
    ["paapi", "AssociateNotEligible"],
    ["creators-api", THROTTLED],
    ["product-page", THROTTLED],
  ] as const)("%s, %s: sends nobody after credentials", (id, code) => {
    expect(paused(id, code).next_step).not.toContain("credentials set");
  });

  it.each(TABLES)("has words of %s for every code that can pause it", (id, table) => {
    const unknown = explainCode(id, "no such code")?.reason.replace("no such code", "");
    const critical = Object.keys(table).filter((code) => table[code] === "critical");
    const wordless = [...critical, THROTTLED].filter((code) => {
      const words = explainCode(id, code);
      return !words?.next_step || words.reason.replace(code, "") === unknown;
    });
    expect(wordless).toEqual([]);
  });

  it("falls back on what is stored for a code without words", () => {
    const said = quota("sample-data", { ...SOON, blockedReason: "paused", blockedDetail: "why", pauseCode: "X" });
    expect(said.reason).toBe("sample-data is paused: why.");
  });
});

describe("what the quota says of 429s that do not end", () => {
  const waiting = { blockedUntilMs: NOW + 600_000, blockedReason: "rate" } as const;

  it("names what else than pace they mean, from the third on", () => {
    expect(quota("creators-api", { ...waiting, throttles: 2 }).reason).toBe("creators-api asked for a slower pace.");
    const third = quota("creators-api", { ...waiting, throttles: 3 });
    expect(third.reason).toContain("3 times in a row. Amazon refuses every call");
    expect(third.next_step).toMatch(/48 hours.*calls continue by themselves at 00:10 UTC/);
  });

  it("names it while the breaker is open, too", () => {
    const open = quota("paapi", { ...SOON, blockedReason: "circuit-open", throttles: 5 });
    expect(open).toMatchObject({ state: "circuit_open", reason: expect.stringContaining("younger than 48 hours") });
    expect(open.next_step).toContain("one trial call follows by itself at 00:10 UTC");
    expect(quota("paapi", { ...SOON, blockedReason: "circuit-open" }).reason).toContain("failed several times");
  });

  it("does not speak of it where tokens or the day are used up", () => {
    const tokens = quota("keepa", { ...waiting, throttles: 3, tokensLeft: -4 });
    expect(tokens.reason).toBe("The tokens of keepa are used up for the moment.");
  });
});

describe("what a run says of a paused source", () => {
  const action = (source: SourceId, code: string, detail = "x") =>
    actionFor({ source, reason: "paused", code, detail });

  it("is the source's own explanation", () => {
    const said = action("creators-api", "AssociateNotEligible", "AssociateNotEligible: Your account does not");
    expect(said).toMatch(/^creators-api is paused: .*10 qualified sales.* Wait for sales to be counted/);
    expect(said).not.toContain("credentials set");
    expect(action("keepa", "InvalidKey")).toContain("enrichline credentials set keepa");
    expect(action("paapi", THROTTLED)).toContain("48 hours");
  });

  it("is what the upstream said where there are no words", () => {
    expect(action("sample-data", "Odd", "Odd: cut off ")).toBe(
      "sample-data is paused: Odd: cut off. It is asked again by itself.",
    );
  });
});
