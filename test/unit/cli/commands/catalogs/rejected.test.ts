import { afterEach, describe, expect, it } from "vitest";
import { aCatalog } from "../../harness/answers.ts";
import { CATALOG_ID, type Reply } from "../../harness/fake-api.ts";
import { type Harness, openHarness } from "../../harness/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const ROWS = [
  { line: 7, value: "\u001b[31mnope", reason: "not an ASIN" },
  { line: 900, value: "", reason: "the row names no product" },
];

const open = async (page: unknown, catalog: Parameters<typeof aCatalog>[0] = {}): Promise<void> => {
  harness = await openHarness(
    ({ path }): Reply => ({
      status: 200,
      body: path.endsWith("/rejected") ? page : aCatalog({ state: "completed", total_products: 3, ...catalog }),
    }),
  );
};

describe("rejected", () => {
  it("shows line, value and reason, and how to get the next page", async () => {
    await open({ items: ROWS, next_cursor: "next" });
    const { code, out, err } = await harness.cli(["rejected", CATALOG_ID, "--limit", "2", "--cursor", "at"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^line {2}value +reason\n7 +.*nope +not an ASIN\n900 +the row names no product\n$/);
    expect(out).not.toContain("\u001b");
    expect(err).toContain("More: repeat with --cursor next");
    expect(harness.calls()).toMatchObject([
      { path: `/api/v1/catalogs/${CATALOG_ID}/rejected`, query: { limit: "2", cursor: "at" } },
    ]);
  });

  it("is one JSON document with --json", async () => {
    await open({ items: ROWS, next_cursor: null });
    const { out } = await harness.cli(["rejected", CATALOG_ID, "--json"]);
    expect(JSON.parse(out)).toEqual({ items: ROWS, next_cursor: null });
  });

  it.each([
    ["completed", "No rejected rows."],
    ["awaiting_upload", "has not arrived yet"],
    ["ingesting", "is still being read"],
    ["ingest_failed", "could not be read, so no row is judged: The file is empty."],
  ] as const)("an empty list of a catalog that is %s is explained", async (state, words) => {
    await open({ items: [], next_cursor: null }, { state, failure: "The file is empty." });
    const { code, out } = await harness.cli(["rejected", CATALOG_ID]);
    expect(code).toBe(0);
    expect(out).toContain(words);
  });

  it("an empty last page is no news of the catalog", async () => {
    await open({ items: [], next_cursor: null });
    expect((await harness.cli(["rejected", CATALOG_ID, "--cursor", "at"])).out).toBe("No further rows.\n");
  });

  it("of a catalog that is not there ends with 4", async () => {
    harness = await openHarness(() => ({ status: 404, body: { detail: "None.", code: "not_found" } }));
    expect((await harness.cli(["rejected", CATALOG_ID])).code).toBe(4);
  });

  it("refuses a limit over 100", async () => {
    await open({ items: [], next_cursor: null });
    expect((await harness.cli(["rejected", CATALOG_ID, "--limit", "101"])).code).toBe(2);
  });
});
