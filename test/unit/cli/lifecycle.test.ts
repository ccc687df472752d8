import { describe, expect, it } from "vitest";
import { aFailure, aRetryReport } from "./harness/answers.ts";
import { CATALOG_ID, type Reply, status } from "./harness/fake-api.ts";
import { localHarness } from "./harness/harness.ts";

const { start, cli: run } = localHarness();
const cli = (...args: readonly string[]) => run(args);

describe("pause, resume and cancel", () => {
  it.each(["pause", "resume", "cancel"])(
    "%s once, with an Idempotency-Key, and show the state of the run",
    async (verb) => {
      const api = await start(() => ({ status: 200, body: status("paused", 10, 0) }));
      const { code, out } = await cli(verb, CATALOG_ID);
      expect(code).toBe(0);
      expect(out).toContain("State     paused");
      expect(api.calls()).toMatchObject([{ method: "POST", path: `/api/v1/catalogs/${CATALOG_ID}/${verb}` }]);
      expect(api.calls()[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("say why not, in the API's words", async () => {
    await start(() => ({
      status: 409,
      body: { detail: "The run is paused already; resume or cancel it.", code: "x" },
    }));
    const { code, err } = await cli("pause", CATALOG_ID);
    expect(code).toBe(2);
    expect(err).toContain("resume or cancel it");
  });
});

describe("delete", () => {
  it("asks to be sure, then deletes", async () => {
    const api = await start(() => ({
      status: 202,
      body: { catalog_id: CATALOG_ID, message: "Deleted. Its products stay." },
    }));
    const unsure = await cli("delete", CATALOG_ID);
    expect(unsure.code).toBe(2);
    expect(unsure.err).toContain(`enrichline delete ${CATALOG_ID} --yes`);
    expect(api.calls()).toEqual([]);
    const sure = await cli("delete", CATALOG_ID, "--yes");
    expect(sure).toMatchObject({ code: 0, out: "Deleted. Its products stay.\n" });
    expect(api.calls()).toMatchObject([{ method: "DELETE", path: `/api/v1/catalogs/${CATALOG_ID}` }]);
  });
});

describe("retry", () => {
  it("repeats until everything is pending again, each time as a request of its own", async () => {
    const answers = [aRetryReport(2_000, 500), aRetryReport(500, 0)];
    const api = await start(() => ({ status: 202, body: answers.shift() }));
    const { code, out } = await cli("retry", CATALOG_ID, "--error-code", "NotFound", "--error-code", "Other");
    expect(code).toBe(0);
    expect(out).toContain("2500 products are pending again");
    const bodies = api.calls().map(({ body }) => JSON.parse(body.toString()));
    expect(bodies).toEqual([
      { error_codes: ["NotFound", "Other"], dry_run: false },
      { error_codes: ["NotFound", "Other"], dry_run: false },
    ]);
    const keys = api.calls().map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(2);
  });

  it("continues where a request stopped that found nothing in its time", async () => {
    const answers = [aRetryReport(0, 500, { next_cursor: "here" }), aRetryReport(500, 0)];
    const api = await start(() => ({ status: 202, body: answers.shift() }));
    const { out } = await cli("retry", CATALOG_ID);
    expect(out).toContain("500 products are pending again");
    expect(api.calls().map(({ body }) => JSON.parse(body.toString()).cursor)).toEqual([undefined, "here"]);
  });

  it("stops when it gets no further, and says what is left", async () => {
    const answers = [aRetryReport(3, 2, { in_progress: 2 }), aRetryReport(0, 2, { in_progress: 2 })];
    const api = await start(() => ({ status: 202, body: answers.shift() }));
    const { out } = await cli("retry", CATALOG_ID);
    expect(out).toContain("3 products are pending again");
    expect(out).toContain("2 are not yet");
    expect(api.calls()).toHaveLength(2);
  });

  it("does not fail when between two requests somebody else took the rest", async () => {
    const answers: Reply[] = [
      { status: 202, body: aRetryReport(3, 2) },
      { status: 409, body: { detail: "No failed product matches.", code: "nothing_to_retry" } },
    ];
    await start(() => answers.shift() ?? { status: 500, body: {} });
    const { code, out } = await cli("retry", CATALOG_ID);
    expect(code).toBe(0);
    expect(out).toContain("3 products are pending again");
  });

  it("previews only, when asked", async () => {
    const api = await start(() => ({ status: 200, body: aRetryReport(0, 0, { dry_run: true, matched: 7 }) }));
    const { out } = await cli("retry", CATALOG_ID, "--asin", "B07CXG6C9W", "--dry-run");
    expect(out).toContain("Would retry 7 products. Calls: creators-api 2");
    expect(JSON.parse(api.calls()[0]?.body.toString() ?? "")).toEqual({ asins: ["B07CXG6C9W"], dry_run: true });
  });
});

describe("failures", () => {
  const failure = aFailure({ retrying: true });

  it("lists them by code, with what is being retried", async () => {
    const api = await start(() => ({ status: 200, body: { items: [failure], next_cursor: "next" } }));
    const { out, err } = await cli("failures", CATALOG_ID, "--error-code", "NotFound", "--limit", "5");
    expect(out).toContain("NotFound (retrying)");
    expect(err).toContain("--cursor next");
    expect(api.calls()[0]?.query).toEqual({ error_code: "NotFound", limit: "5" });
  });

  it("says when there are none, and gives programs what there is", async () => {
    await start(() => ({ status: 200, body: { items: [], next_cursor: null } }));
    expect((await cli("failures", CATALOG_ID)).out).toBe("No failed products.\n");
    expect(JSON.parse((await cli("failures", CATALOG_ID, "--json")).out)).toEqual({ items: [], next_cursor: null });
  });
});
