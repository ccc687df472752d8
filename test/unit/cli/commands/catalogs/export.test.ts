import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CATALOG_ID, type Reply, type Seen, startFakeApi } from "../../harness/fake-api.ts";
import { runIn, signIn, writeOutputs } from "../../harness/harness.ts";

const EXPORT_ID = "exp_0123456789abcdef";
let folder: string;
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrichline-export-"));
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  await rm(folder, { recursive: true, force: true });
});

const view = (state: string, changes: Record<string, unknown> = {}) => ({
  export_id: EXPORT_ID,
  catalog_id: CATALOG_ID,
  format: "csv",
  row_state: null,
  public: false,
  state,
  rows_read: 0,
  rows_written: 0,
  total_rows: 20,
  file_name: "../spring.csv",
  download_url: null,
  expires_at: null,
  valid_until: null,
  failure: null,
  created_at: "2026-08-01T12:00:00.000Z",
  ...changes,
});

const start = async (answers: (url: string) => Record<string, unknown>[], download = 200) => {
  let call = 0;
  const api = await startFakeApi((seen: Seen): Reply => {
    const signedIn = signIn(seen);
    if (signedIn) return signedIn;
    if (seen.path === "/bucket/file") return { status: download, body: { rows: "x".repeat(100_000) } };
    const all = answers(`${api.url}/bucket/file?signature=1`);
    const body = all[Math.min(call, all.length - 1)];
    call += 1;
    return { status: seen.method === "POST" ? 202 : 200, body };
  });
  stop = api.close;
  await writeOutputs(folder, api.url);
  return api;
};

const cli = (args: readonly string[], interrupt = new AbortController()) => runIn(folder, args, { interrupt });
const ready = (url: string) => view("ready", { rows_read: 20, rows_written: 18, download_url: url });

it("asks for the export, shows progress on stderr and saves the file without sending the token to the bucket", async () => {
  const api = await start((url) => [view("queued"), view("running", { rows_read: 10 }), ready(url)]);
  const file = join(folder, "mine.csv");
  const { code, out, err } = await cli(["export", CATALOG_ID, "--state", "enriched", "-o", file]);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^18 rows in .*mine\.csv \(100011 bytes\)\n$/) });
  expect(err).toContain("export running  50%  10/20 rows");
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ rows: "x".repeat(100_000) });
  const asked = api.seen.find(({ method, path }) => method === "POST" && path !== "/");
  expect(asked?.path).toBe(`/api/v1/catalogs/${CATALOG_ID}/exports`);
  expect(JSON.parse(asked?.body.toString() ?? "")).toEqual({ format: "csv", state: "enriched" });
  expect(asked?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(api.seen.find(({ path }) => path === "/bucket/file")?.headers.authorization).toBeUndefined();
  expect((await readdir(folder)).sort()).toEqual(["mine.csv", "outputs.json"]);
});

it("takes the catalog's own file name, but never replaces a file that it was not given", async () => {
  await start((url) => [ready(url)]);
  expect((await cli(["export", CATALOG_ID, "-o", folder])).code).toBe(0);
  expect(await readdir(folder)).toContain("spring.csv");
  const again = await cli(["export", CATALOG_ID, "-o", folder]);
  expect(again.code).toBe(2);
  expect(again.err).toContain("-o");
});

it("fetches an export that was begun before, and says all about it as JSON", async () => {
  const api = await start((url) => [ready(url)]);
  const { code, out } = await cli(["export", EXPORT_ID, "--json", "-o", join(folder, "a.csv")]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ export_id: EXPORT_ID, state: "ready", rows_written: 18, bytes: 100_011 });
  expect(api.seen.filter(({ method, path }) => method === "POST" && path !== "/")).toEqual([]);
});

it("says why an export failed", async () => {
  await start(() => [view("queued"), view("failed", { failure: "ask for it again in a while" })]);
  const { code, err } = await cli(["export", CATALOG_ID, "-o", folder]);
  expect(code).toBe(5);
  expect(err).toContain("ask for it again in a while");
});

it("leaves nothing half behind when the download fails", async () => {
  await start((url) => [ready(url)], 403);
  const { code, err } = await cli(["export", CATALOG_ID, "-o", join(folder, "b.csv")]);
  expect(code).toBe(5);
  expect(err).toContain("HTTP 403");
  expect(await readdir(folder)).toEqual(["outputs.json"]);
});

it("says which folder it cannot write to", async () => {
  await start((url) => [ready(url)]);
  const { code, err } = await cli(["export", CATALOG_ID, "-o", join(folder, "no", "c.csv")]);
  expect(code).toBe(2);
  expect(err).toContain("ENOENT");
});

it("on Ctrl-C leaves the export going and says how to fetch it", async () => {
  const interrupt = new AbortController();
  let asked = 0;
  await start(() => {
    asked += 1;
    if (asked === 3) interrupt.abort();
    return [view("running")];
  });
  const { code, err } = await cli(["export", CATALOG_ID, "-o", folder], interrupt);
  expect(code).toBe(130);
  expect(err).toMatch(/enrichline export exp_0123456789abcdef|Interrupted/);
});

it.each([
  ["--format", "xlsx"],
  ["--state", "done"],
])("refuses %s %s before it asks anybody", async (option, value) => {
  expect((await cli(["export", CATALOG_ID, option, value])).code).toBe(2);
});
