import { describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { SOURCE_ACCURACY } from "../../../../../lambdas/common/core/products/quality/quality.ts";
import { SOURCE_IDS } from "../../../../../lambdas/common/core/source-ids.ts";
import { OWN_CODES } from "../../../../../lambdas/common/core/sources/failure-codes.ts";
import { CREATORS_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/creators-api/failure-codes.ts";
import { describeSource, SOURCES } from "../../../../../lambdas/common/sources/registry/registry.ts";

describe("the registry of sources", () => {
  it("lists every source id once, in the order in which a fresh stage asks them", () => {
    expect(SOURCES.map(({ id }) => id)).toEqual([...SOURCE_IDS]);
    for (const id of SOURCE_IDS) expect(describeSource(id)?.id).toBe(id);
  });

  it.each(SOURCES.map((source) => [source.id, source] as const))("%s describes itself soundly", (id, source) => {
    const codes = new Set(MARKETPLACES.map(({ code }) => code));
    expect(source.marketplaces.filter((code) => !codes.has(code))).toEqual([]);
    expect(source.marketplaces.length).toBeGreaterThan(0);
    expect(source.accuracy).toBe(SOURCE_ACCURACY[id]);
    expect(new Set(source.operations.map(({ name }) => name)).size).toBe(source.operations.length);
    for (const { idsPerCall, cost } of source.operations) {
      expect(idsPerCall).toBeGreaterThan(0);
      expect(cost(1)).toBeGreaterThan(0);
      expect(cost(idsPerCall)).toBeGreaterThanOrEqual(cost(1));
    }
    expect(source.fields).toContain("title");
    expect(source.classifyError("a code that nobody knows")).toBe("retriable");
  });

  it("refuses a secret of the wrong form before a client is made of it", () => {
    expect(() => describeSource("creators-api")?.account({ account: "" })).toThrow();
    const secret = {
      account: "shop",
      credential_version: "3.1",
      client_id: "i",
      client_secret: "s",
      partner_tags: { US: "t-20" },
    };
    expect(describeSource("creators-api")?.account(secret)).toBe("shop");
  });
});

describe("failure codes", () => {
  it("classes the codes of the Creators API as the design says, and none of its own as critical", () => {
    const classify = describeSource("creators-api")?.classifyError;
    expect(["InvalidParameterValue", "ItemNotAccessible"].map((code) => classify?.(code))).toEqual([
      "permanent",
      "permanent",
    ]);
    expect(classify?.("ItemNotFound")).toBe("not_found");
    expect(classify?.("TooManyRequests")).toBe("throttled");
    expect(["InvalidAssociate", "AssociateNotEligible", "InvalidClient"].map((code) => classify?.(code))).toEqual([
      "critical",
      "critical",
      "critical",
    ]);
    // A name inherited from Object is no code of ours.
    expect(classify?.("constructor")).toBe("retriable");
    for (const code of [OWN_CODES.RETRIES_EXHAUSTED, OWN_CODES.NO_SOURCE_FOR_SHOP]) {
      expect(CREATORS_API_FAILURES).not.toHaveProperty(code);
    }
  });
});
