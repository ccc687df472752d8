import { describe, expect, it } from "vitest";
import { createApp } from "../../../../../lambdas/catalogs-api/app.ts";
import { duplicateUpload } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/content-claims.ts";
import { fakeDeps, NOW_MS, signedIn } from "../../fake-deps.ts";

const post = async (body: unknown, setUp: (world: ReturnType<typeof fakeDeps>["world"]) => void = () => {}) => {
  const { deps, world } = fakeDeps();
  setUp(world);
  const response = await createApp(deps).request(
    "/api/v1/catalogs/uploads",
    { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } },
    signedIn("user-1"),
  );
  return { world, deps, status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const file = { file_name: "spring.csv", content_type: "text/csv", content_length: 5_000_000 };

describe("an order for a large upload", () => {
  it("gives an address for an hour and keeps what was asked for", async () => {
    const { status, body, world } = await post({ ...file, marketplace: "amazon.de", batch_size: 30, refresh: "daily" });
    expect(status).toBe(201);
    const [catalog] = world.catalogs;
    expect(body).toEqual({
      catalog_id: catalog?.catalog_id,
      dry_run_id: null,
      upload_url: `https://bucket.example.com/uploads/${catalog?.catalog_id}?signed`,
      upload_headers: { "content-type": "text/csv", "content-length": "5000000" },
      expires_at: new Date(NOW_MS + 3_600_000).toISOString(),
    });
    expect(catalog).toMatchObject({
      user_id: "user-1",
      name: "spring.csv",
      marketplace: "www.amazon.de",
      state: "awaiting_upload",
      rows: { total: 0 },
      upload: {
        ...file,
        enrich: true,
        run: { provider: null, fallback: true, force: false, batch_size: 30, refresh_daily: true },
      },
      ingest: { attempt: 0, bytes_read: 0 },
      due_shard: "uploads",
      due_at: new Date(NOW_MS + 4_200_000).toISOString(),
    });
    expect(world.runs).toEqual([]);
  });

  it("is refused with refresh=daily on a stage that has no daily refresh", async () => {
    const { deps, world } = fakeDeps();
    const response = await createApp({ ...deps, dailyRefresh: false }).request(
      "/api/v1/catalogs/uploads",
      {
        method: "POST",
        body: JSON.stringify({ ...file, refresh: "daily" }),
        headers: { "content-type": "application/json" },
      },
      signedIn("user-1"),
    );
    expect([response.status, await response.json()]).toMatchObject([409, { code: "refresh_off" }]);
    expect(world.catalogs).toEqual([]);
  });

  it("keeps how the file is to be read", async () => {
    const reading = { asin_column: "Artikel", encoding: "Windows-1252" };
    const { world } = await post({ ...file, ...reading });
    expect(world.catalogs[0]?.upload?.reading).toEqual({ asin_column: "Artikel", encoding: "windows-1252" });
    const dry = await post({ ...file, sku_column: "Nr", dry_run: true });
    expect(dry.world.dryRuns[0]?.request.reading).toEqual({ sku_column: "Nr" });
    expect((await post(file)).world.catalogs[0]?.upload?.reading).toBeUndefined();
  });

  it.each([
    ["a spreadsheet", 415, { ...file, file_name: "Spring.XLSX" }, /save the sheet as CSV/],
    ["an archive", 415, { ...file, file_name: "spring.csv.gz" }, /Unpack it/],
    ["an archive by its type", 415, { ...file, content_type: "application/zip" }, /Unpack it/],
    ["a document", 415, { ...file, file_name: "spring.pdf" }, /Export the list as CSV/],
    [
      "a spreadsheet by its type",
      415,
      { ...file, content_type: "application/vnd.oasis.opendocument.spreadsheet" },
      /CSV/,
    ],
    ["3 GB", 413, { ...file, content_length: 3 * 1024 ** 3 }, /1,073,741,824 bytes. Split the file/],
    ["one byte too many", 413, { ...file, content_length: 1024 ** 3 + 1 }, /Split/],
    ["nothing", 400, { ...file, content_length: 0 }, /empty/],
  ])("refuses %s with the fix, and stores nothing", async (_, status, order, words) => {
    const answer = await post(order);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(words);
    expect(answer.world.catalogs).toEqual([]);
  });

  it.each([
    ["content_length", { ...file, content_length: -1 }],
    ["content_length", { file_name: "a.csv" }],
    ["file_name", { content_length: 1 }],
    ["batch_size", { ...file, batch_size: 51 }],
    ["content_type", { ...file, content_type: "text/csv\r\nx-evil: 1" }],
    ["nonsense", { ...file, nonsense: 1 }],
  ])("names the field %s that breaks a rule", async (field, order) => {
    const { status, body } = await post(order);
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ field })]);
  });

  it("takes a file of exactly 1 GiB", async () => {
    expect((await post({ ...file, content_length: 1024 ** 3 })).status).toBe(201);
  });

  it("refuses a run that could ask nobody, but not a catalog that is to be kept only", async () => {
    const noSources = (world: { statuses: unknown[] }) => {
      world.statuses = [];
    };
    expect(await post(file, noSources)).toMatchObject({ status: 409, body: { code: "no_source_configured" } });
    expect((await post({ ...file, enrich: false }, noSources)).status).toBe(201);
  });

  it("for a dry run makes no catalog", async () => {
    const { status, body, world } = await post({ ...file, dry_run: true });
    expect(status).toBe(201);
    expect(body).toMatchObject({ catalog_id: null, dry_run_id: world.dryRuns[0]?.dry_run_id });
    expect(world.catalogs).toEqual([]);
    expect(world.dryRuns).toMatchObject([{ owner_id: "user-1", result: null, expires_at: NOW_MS / 1_000 + 86_400 }]);
  });
});

describe("a dry run's report", () => {
  const ask = async (userId: string, judged: boolean) => {
    const { deps, world, body } = await post({ ...file, dry_run: true, batch_size: "auto" });
    const [row] = world.dryRuns;
    if (row && judged) {
      const rows = { total: 45, valid: 40, duplicates: 3, rejected: 2, blank: 0, repaired: 0 };
      const segments = [{ marketplace: "www.amazon.com", products: 40 }];
      world.dryRuns = [
        { ...row, result: { rows, segments, rejects: [], notes: ["Read as Shift-JIS."], sample_keys: [] } },
      ];
    }
    const path = `/api/v1/catalogs/dry-runs/${body.dry_run_id}`;
    const response = await createApp(deps).request(path, {}, signedIn(userId));
    return { status: response.status, body: await response.json() };
  };

  it("is there once the file is judged, for its owner only", async () => {
    expect((await ask("user-1", false)).body).toEqual({ state: "awaiting_upload", report: null, failure: null });
    expect((await ask("user-1", true)).body).toMatchObject({
      state: "judged",
      report: {
        notes: ["Read as Shift-JIS."],
        total_products: 40,
        total_batches: 3,
        batch_size: 15,
        duplicates: 3,
        estimate: expect.any(Object),
      },
    });
    expect((await ask("user-2", true)).status).toBe(404);
  });
});

describe("the same content in a request", () => {
  const upload = async (force: boolean) => {
    const { deps, world } = fakeDeps();
    world.duplicate = duplicateUpload(', as catalog "First" (cat_1)');
    const response = await createApp(deps).request(
      `/api/v1/catalogs?force=${force}`,
      { method: "POST", body: "asin\nB0ABCDEF01", headers: { "content-type": "text/csv" } },
      signedIn("user-1"),
    );
    return { world, status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("is refused while its run is open and leaves nothing", async () => {
    const { world, status, body } = await upload(false);
    expect([status, body.code]).toEqual([409, "duplicate_upload"]);
    expect(body.detail).toContain('"First" (cat_1)');
    expect([world.catalogs.length, world.runs.length, world.discarded.length]).toEqual([0, 0, 1]);
  });

  it("is taken by force", async () => {
    expect((await upload(true)).status).toBe(202);
  });
});
