import { describe, expect, it } from "vitest";
import { isAutomatic, remedyKindOf } from "../../../../../lambdas/common/core/failures/remedy-kinds.ts";
import { causeOfGroup, failureGroupId } from "../../../../../lambdas/common/core/runs/failure-group-id.ts";
import { OWN_CODES } from "../../../../../lambdas/common/core/sources/failure-codes.ts";
import { SOURCE_FAILURES } from "../../../../../lambdas/common/core/sources/known/source-failures.ts";
import { explainGroup } from "../../../../../lambdas/common/services/failures/explain-group.ts";

const DE = "www.amazon.de";
/** Every code that a product may fail with, with its source or shop. */
const CAUSES = [
  ...Object.entries(SOURCE_FAILURES).flatMap(([source, table]) =>
    Object.keys(table).map((error_code) => ({ error_code, source, marketplace: DE })),
  ),
  ...Object.values(OWN_CODES).flatMap((error_code) =>
    [null, "creators-api", "keepa"].map((source) => ({ error_code, source, marketplace: DE })),
  ),
];
const explained = CAUSES.map((cause) => {
  const group_id = failureGroupId(cause);
  return { ...cause, group_id, ...explainGroup({ group_id, ...causeOfGroup(group_id) }) };
});

describe("the words of failure groups", () => {
  it("exist for every code that there is, and none is the fallback for unknown ones", () => {
    expect(explained.length).toBeGreaterThan(100);
    const vague = explained.filter(({ cause }) =>
      /gave the code|answered with the error|failed in an unknown way|could not be fetched/.test(cause),
    );
    expect(vague.map(({ group_id }) => group_id)).toEqual([]);
    for (const { cause, remedy } of explained) {
      expect(cause).toMatch(/^.{10,}[.!?]$/s);
      expect(remedy.words).toMatch(/^[A-Z].{20,}[.!?]$/s);
      expect(remedy.command).toMatch(/^enrichline [a-z]+/);
      expect(remedy.command).not.toContain("undefined");
    }
  });

  it("name another remedy where another helps", () => {
    const of = (error_code: string, source: string | null, marketplace: string | null = null) => {
      const group_id = failureGroupId({ error_code, source, marketplace });
      return explainGroup({ group_id, ...causeOfGroup(group_id) });
    };
    expect(of("InvalidClient", "creators-api").remedy.command).toBe("enrichline credentials set creators-api");
    expect(of("RetriesExhausted", "sp-api").remedy.command).toBe("enrichline doctor --source sp-api");
    expect(of("MarketplaceDisabled", null, DE).remedy.command).toBe(`enrichline marketplaces set ${DE} --enable`);
    expect(of("DEAD_LETTERED", "keepa").remedy.command).toBe("enrichline dlq list");
    expect(of("ItemNotFound", "creators-api")).toMatchObject({ retriable: false });
    expect(of("TooManyRequests", "paapi").remedy).toMatchObject({ automatic: true, command: "enrichline quota" });
    expect(of("AssociateNotEligible", "paapi").remedy.words).not.toContain("credentials set");
  });

  it("say what the source itself said last, where that is known", () => {
    const group_id = "RetriesExhausted.creators-api";
    const { cause } = explainGroup({ group_id, ...causeOfGroup(group_id) }, "ServiceUnavailable");
    expect(cause).toContain("The Creators API is not available at the moment.");
  });

  it("are automatic for pace alone, whatever source", () => {
    for (const [source, table] of Object.entries(SOURCE_FAILURES)) {
      for (const [code, kind] of Object.entries(table)) {
        expect([code, isAutomatic(remedyKindOf(code, source))]).toEqual([code, kind === "throttled"]);
      }
    }
  });
});

describe("ids of failure groups", () => {
  it("lead back to their cause", () => {
    for (const { group_id } of explained) expect(failureGroupId(causeOfGroup(group_id))).toBe(group_id);
  });
});
