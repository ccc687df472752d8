import { describe, expect, it } from "vitest";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import type { FailureTable } from "../../../../../lambdas/common/core/sources/failure-codes.ts";
import { CREATORS_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/creators-api/failure-codes.ts";
import { KEEPA_FAILURES } from "../../../../../lambdas/common/core/sources/known/keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "../../../../../lambdas/common/core/sources/known/paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "../../../../../lambdas/common/core/sources/known/product-page/failure-codes.ts";
import { SP_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/sp-api/failure-codes.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { SOURCES } from "../../../../../lambdas/common/sources/registry/registry.ts";
import { LOCAL_CREDENTIALS } from "../../../../../local/upstreams/local-credentials.ts";
import { checkedSources, FAST } from "./checked-source.ts";

const TABLES: Partial<Record<SourceId, FailureTable>> = {
  "creators-api": CREATORS_API_FAILURES,
  keepa: KEEPA_FAILURES,
  paapi: PAAPI_FAILURES,
  "product-page": PRODUCT_PAGE_FAILURES,
  "sp-api": SP_API_FAILURES,
};

const setUp = checkedSources();
const creators = LOCAL_CREDENTIALS["creators-api"];

describe("in plain words", () => {
  it.each([
    [
      "creators-api",
      { ...creators, client_secret: "wrong" },
      FAST,
      "token",
      /does not accept the client id and secret/,
    ],
    ["creators-api", creators, { ...FAST, not_eligible: true }, "one call", /10 qualified sales/],
    ["creators-api", creators, { ...FAST, endless_429: true }, "one call", /younger than 48 hours, an account without/],
    [
      "creators-api",
      { ...creators, partner_tags: { US: "nobody-20" } },
      FAST,
      "one call",
      /partner tag is wrong, or belongs to another shop|not linked to the partner tag/,
    ],
    ["paapi", { ...LOCAL_CREDENTIALS.paapi, secret_key: "wrong" }, FAST, "one call", /secret key is wrong/],
    ["sp-api", { ...LOCAL_CREDENTIALS["sp-api"], refresh_token: "wrong" }, {}, "token", /refresh token is wrong/],
    ["sp-api", { ...LOCAL_CREDENTIALS["sp-api"], region: "eu" }, {}, "one call", /another region/],
    ["keepa", { key: "x".repeat(64) }, {}, "one call", /does not accept this key/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { tokens_left: -5 }, "one call", /tokens of this key are used up/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { no_access: true }, "one call", /plan does not include the API/],
    ["creators-api", creators, { ...FAST, outage: 503 }, "token", /token service does not work/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { outage: 500 }, "one call", /fault of its own/],
  ] as const)("%s with %#", async (source, secret, behaviour, step, words) => {
    const { check } = await setUp(source, secret, behaviour);
    const found = await check();
    expect(found.reason).toMatch(words);
    expect(found.next_step).not.toBe("");
    expect(found.ok).toBe(false);
    expect(found.checks.at(-1)).toMatchObject({ name: step, ok: false });
    expect(JSON.stringify(found)).not.toMatch(/client_secret":|nobody-20|x{64}/);
  });

  it.each(SOURCES)("$id explains each code that stops it in words of its own", async (descriptor) => {
    const probe = (code: string) => {
      const failureClass = descriptor.classifyError(code);
      const error = new SourceError(descriptor.id, { code, status: null, failureClass, message: code });
      return descriptor.probe({ fetchProducts: () => Promise.reject(error) }, "www.amazon.com");
    };
    const unknown = (await probe("NoSuchCode")).reason.replace("NoSuchCode", "");
    const stopping = Object.entries(TABLES[descriptor.id] ?? {})
      .filter(([, failure_class]) => failure_class === "critical" || failure_class === "throttled")
      .map(([code]) => code);
    for (const code of stopping) {
      const { ok, reason, next_step } = await probe(code);
      expect({ code, ok, reason: reason.replace(code, "") }).not.toMatchObject({ reason: unknown });
      expect(next_step, code).not.toBe("");
    }
  });

  it("the limiter hears of it, so that work stops asking with such credentials", async () => {
    const { check, store } = await setUp("keepa", { key: "x".repeat(64) });
    await check();
    expect([...store.items.values()]).toMatchObject([{ breaker: "open", pause_code: "InvalidKey" }]);
  });
});
