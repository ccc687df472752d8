import { describe, expect, it } from "vitest";
import type { FailureGroupDetail } from "../../../../../lambdas/common/core/contract/operations/failure-groups.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli: run } = localHarness();
const cli = (...args: readonly string[]) => run(args);

const ID = "RetriesExhausted.creators-api";
const NOON = "2026-11-30T12:00:00.000Z";

const aGroup = (changes: Partial<FailureGroupDetail> = {}): FailureGroupDetail => ({
  ...{ group_id: ID, state: "open", since: null, ignored_until: null, error_code: "RetriesExhausted" },
  ...{ source: "creators-api", marketplace: null, cause: "creators-api failed four times.", retriable: true },
  remedy: { words: "Wait until it works again.", command: "enrichline doctor --source creators-api", automatic: false },
  ...{ count: 24, catalogs: 2, share: 0.5, first_seen: NOON, last_seen: NOON, trial: null },
  samples: [{ catalog_id: "cat_0d1z9k4m2v7h3n5x", asin: "B0EVENTS01", marketplace: "www.amazon.de" }],
  raw_codes: ["ServiceUnavailable"],
  runs: [{ catalog_id: "cat_0d1z9k4m2v7h3n5x", tracking_id: "t", count: 24 }],
  history: [{ at: NOON, by: null, event: "reopen", note: "it came back" }],
  ...changes,
});

const aTrial = (changes: Partial<NonNullable<FailureGroupDetail["trial"]>> = {}) => ({
  ...({
    trial_id: "try_1",
    size: "all",
    state: "running",
    started_by: "u",
    started_at: NOON,
    finished_at: null,
  } as const),
  ...{ tried: 10, healed: 4, failed_again: 0, ended_otherwise: 0, pending: 6 },
  ...changes,
});

const list = (items: readonly FailureGroupDetail[], waiting: readonly object[] = []) => ({
  status: 200,
  body: { items, sums: [], waiting, complete: true },
});

describe("failures", () => {
  it("shows the groups, why, what to do and the exact next command", async () => {
    const api = await start(() => list([aGroup()]));
    const { code, out } = await cli("failures");
    expect(code).toBe(0);
    expect(out).toContain("creators-api failed four times.");
    expect(out).toContain("enrichline doctor --source creators-api");
    expect(out).toContain(`Next        enrichline failures try ${ID} all`);
    expect(out).toMatch(/24 .*50 %/);
    expect(api.calls()).toMatchObject([{ method: "GET", path: "/api/v1/operations/failures" }]);
  });

  it("offers to ignore what no retry heals, and says what continues by itself", async () => {
    const waiting = {
      ...{
        source: "creators-api",
        code: "circuit-open",
        cause: "creators-api is left alone.",
        catalogs: 1,
        pending: 60,
      },
      ...{
        remedy: { words: "Nothing to do.", command: "enrichline quota", automatic: true },
        retry_at: "2026-11-30T13:05:00.000Z",
      },
    };
    await start(() => list([aGroup({ retriable: false })], [waiting]));
    const { out } = await cli("failures");
    expect(out).toContain(`Next        enrichline failures ignore ${ID}`);
    expect(out).toContain("waiting for creators-api: circuit-open, 1 catalog, 60 products pending; asked again ");
    expect(out).not.toContain("again at today");
    expect(out).not.toContain("enrichline quota");
  });

  it("says that nothing is red", async () => {
    await start(() => list([]));
    expect((await cli("failures")).out).toContain("Nothing failed");
  });

  it("of a catalog are its products, as before", async () => {
    const api = await start(() => ({ status: 200, body: { items: [], next_cursor: null } }));
    const { code, out } = await cli("failures", "cat_0d1z9k4m2v7h3n5x");
    expect([code, out]).toEqual([0, "No failed products.\n"]);
    expect(api.calls()[0]?.path).toBe("/api/v1/catalogs/cat_0d1z9k4m2v7h3n5x/failures");
  });

  it("show gives all that is known of a group", async () => {
    await start(() => ({ status: 200, body: aGroup({ trial: aTrial({ state: "done", healed: 10, pending: 0 }) }) }));
    const { code, out } = await cli("failures", "show", ID);
    expect(code).toBe(0);
    for (const part of ["B0EVENTS01", "ServiceUnavailable", "it came back", "by itself", "try all: done; 10 tried"])
      expect(out).toContain(part);
  });
});

describe("failures try", () => {
  it("waits for the outcomes and says that nothing is left", async () => {
    const answers = [
      aGroup({ state: "trying", trial: aTrial() }),
      aGroup({ state: "trying", trial: aTrial({ healed: 8, pending: 2 }) }),
      aGroup({ state: "resolved", count: 0, trial: aTrial({ state: "done", healed: 10, pending: 0 }) }),
    ];
    const api = await start(() => ({ status: answers.length === 3 ? 202 : 200, body: answers.shift() }));
    const { code, out, err } = await cli("failures", "try", ID, "all");
    expect(code).toBe(0);
    expect(out).toContain("No product of the group is failed any more.");
    expect(err).toContain("8 enriched");
    expect(api.calls().map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
    expect(JSON.parse(String(api.calls()[0]?.body))).toEqual({ size: "all" });
    expect(api.calls()[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("takes one where no size is named, and ends with 1 when it failed again", async () => {
    const trial = aTrial({ size: 1, state: "came_back", tried: 1, healed: 0, failed_again: 1, pending: 0 });
    const api = await start(() => ({ status: 202, body: aGroup({ trial }) }));
    const { code, out } = await cli("failures", "try", ID);
    expect(code).toBe(1);
    expect(out).toContain("the group came back");
    expect(JSON.parse(String(api.calls()[0]?.body))).toEqual({ size: 1 });
  });

  it("only says what it would try, with --dry-run", async () => {
    const first_part = aGroup().samples;
    await start(() => ({ status: 200, body: { group_id: ID, size: 10, count: 24, first_part } }));
    const { code, out } = await cli("failures", "try", ID, "10", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain("Would try 10 of 24 products");
  });

  it("refuses another size, and passes on why the API does", async () => {
    await start(() => ({ status: 404, body: { detail: "There is no failure group.", code: "not_found" } }));
    expect((await cli("failures", "try", ID, "5")).code).toBe(2);
    expect((await cli("failures", "try", ID, "1")).code).toBe(4);
  });
});

describe("the other verbs", () => {
  it.each([
    ["resolve", ["--note", "sales are back"], { note: "sales are back" }],
    ["ignore", ["--until", NOON], { until: NOON }],
    ["reopen", [], {}],
  ])("%s, with words for the history", async (verb, options, body) => {
    const api = await start(() => ({ status: 200, body: aGroup() }));
    const { code, out } = await cli("failures", verb, ID, ...options);
    expect([code, out]).toEqual([0, `${ID} is open; 24 of its products are failed.\n`]);
    expect(api.calls()).toMatchObject([{ method: "POST", path: `/api/v1/operations/failures/${ID}/${verb}` }]);
    expect(JSON.parse(String(api.calls()[0]?.body))).toEqual(body);
  });

  it("stop ends a trial", async () => {
    const api = await start(() => ({ status: 200, body: aGroup({ trial: aTrial({ state: "stopped" }) }) }));
    expect((await cli("failures", "stop", ID)).out).toContain("stopped");
    expect(api.calls()[0]?.method).toBe("DELETE");
  });

  it("print the answer as it is, with --json", async () => {
    await start(() => ({ status: 200, body: aGroup() }));
    expect(JSON.parse((await cli("failures", "resolve", ID, "--json")).out)).toEqual(aGroup());
  });
});
