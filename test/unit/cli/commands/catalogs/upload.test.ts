import { symlink, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { formatMoment } from "../../../../../cli/output/format-moment.ts";
import { CATALOG_ID, report, runThrough, status } from "../../harness/fake-api.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli, pathOf } = localHarness();
let file: string;
beforeEach(async () => {
  file = pathOf("mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
});

describe("upload", () => {
  it("sends the file, shows progress on stderr and the summary with rejected rows on stdout", async () => {
    const api = await start(runThrough(status("queued", 0, 0), status("running", 10, 0), status("completed", 20, 0)));
    const { code, out, err } = await cli(["upload", file, "--marketplace", "amazon.de", "--batch-size", "auto"]);
    expect(code).toBe(0);
    expect(err).toContain(`target: local (${api.url}/api/v1)`);
    expect(err).toMatch(/\[#{15}-{15}\] 50% {2}10\/20/);
    expect(out).toContain("Rows      20 valid, 1 bad, 2 duplicates");
    expect(out).toMatch(/line {2}value +reason\n7 +.*nope +not an ASIN/);
    expect(out).toContain(`enrichline rejected ${CATALOG_ID}`);
    expect(out).not.toContain("\u001b");
    expect(out).toContain("State     completed");
    const upload = api.seen.find(({ method, path }) => method === "POST" && path !== "/");
    expect(upload?.query).toEqual({ name: "mine.csv", marketplace: "amazon.de", batch_size: "auto" });
    expect(upload?.headers).toMatchObject({ "content-type": "application/csv", authorization: "Bearer local-token" });
    expect(upload?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(upload?.body.toString()).toBe("asin\nB07CXG6C9W\n");
  });

  it("sends how the file is to be read, and shows how it was", async () => {
    const api = await start(({ method }) =>
      method === "POST"
        ? { status: 202, body: { ...report, notes: ["1 line above the header was not read."] } }
        : { status: 200, body: status("completed", 20, 0) },
    );
    const columns = ["--asin-column", "Artikel", "--url-column", "Link", "--marketplace-column", "Land"];
    const { out } = await cli(["upload", file, ...columns, "--sku-column", "Nr", "--encoding", "Latin1"]);
    expect(out).toContain("Note      1 line above the header was not read.\n");
    const upload = api.seen.find(({ method, path }) => method === "POST" && path !== "/");
    expect(upload?.query).toEqual({
      name: "mine.csv",
      asin_column: "Artikel",
      url_column: "Link",
      marketplace_column: "Land",
      sku_column: "Nr",
      encoding: "windows-1252",
    });
  });

  it("ends with 1 when products failed, and says why", async () => {
    await start(runThrough(status("completed_with_failures", 18, 2)));
    const { code, out } = await cli(["upload", file]);
    expect(code).toBe(1);
    expect(out).toMatch(/NotFound +2/);
  });

  it("writes one JSON document with --json and keeps everything else off stdout", async () => {
    await start(runThrough(status("completed", 20, 0)));
    const { out } = await cli(["upload", file, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ upload: { catalog_id: CATALOG_ID }, status: { state: "completed" } });
  });

  it("passes every option on", async () => {
    const api = await start(() => ({ status: 200, body: { ...report, catalog_id: null, tracking_id: null } }));
    const { code, out } = await cli([
      "upload",
      file,
      "--dry-run",
      "--provider",
      "keepa",
      "--no-fallback",
      "--force",
      "--name",
      "N",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("Dry run: nothing was stored.");
    expect(api.seen.at(-1)?.query).toEqual({
      name: "N",
      provider: "keepa",
      fallback: "false",
      force: "true",
      dry_run: "true",
    });
  });

  it("returns at once with --no-wait and says how to watch", async () => {
    const api = await start(runThrough(status("running", 0, 0)));
    const { code, out } = await cli(["upload", file, "--no-wait"]);
    expect(code).toBe(0);
    expect(out).toContain(`enrichline watch ${CATALOG_ID}`);
    expect(api.seen.filter(({ path }) => path.endsWith("/status"))).toHaveLength(0);
  });

  it("leaves the run running on Ctrl-C and says how to watch it", async () => {
    const interrupt = new AbortController();
    await start((seen) => {
      if (seen.method === "POST") return { status: 202, body: report };
      interrupt.abort();
      return { status: 200, body: status("running", 5, 0) };
    });
    const { code, err } = await cli(["upload", file], { interrupt });
    expect(code).toBe(130);
    expect(err).toContain(`enrichline watch ${CATALOG_ID}`);
    const second = new AbortController();
    let polls = 0;
    await start((seen) => {
      if (seen.method === "POST") return { status: 202, body: report };
      polls += 1;
      if (polls === 2) second.abort();
      return { status: 200, body: status("running", 5, 0) };
    });
    const again = await cli(["upload", file], { interrupt: second });
    expect(again.code).toBe(130);
    expect(again.err).toContain(`The run continues without this window. Watch it with: enrichline watch ${CATALOG_ID}`);
  });

  it("says in the progress what a run waits for", async () => {
    const waiting = status("waiting_for_source", 5, 0, {
      blocked_by: [
        { source: "creators-api", code: "daily-quota", action: "Wait.", retry_at: "2026-08-02T00:00:00.000Z" },
      ],
      estimate: { seconds_left: null, finishes_at: null, resumes_at: "2026-08-02T00:00:00.000Z" },
    });
    await start(runThrough(waiting, status("completed", 20, 0)));
    expect((await cli(["upload", file])).err).toContain(
      `waiting for creators-api (daily-quota)  continues ${formatMoment("2026-08-02T00:00:00.000Z", 0)}`,
    );
  });

  it("redraws one line on a terminal", async () => {
    await start(runThrough(status("running", 10, 0), status("completed", 20, 0)));
    expect((await cli(["upload", file], { live: true })).err).toContain("\r\u001b[2K[");
  });

  it.each([
    ["a spreadsheet", "list.xlsx", "save the sheet as CSV"],
    ["a file that is not there", "none.csv", "There is no file"],
    ["a folder", "", "is a folder, not a file: name the catalog inside it"],
    ["a file that cannot be read", "round.csv", "Cannot read"],
  ])("refuses %s", async (_, name, words) => {
    await symlink("round.csv", pathOf("round.csv"));
    await start(runThrough());
    const { code, err } = await cli(["upload", pathOf(name)]);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it.each([
    ["--batch-size", "4"],
    ["--provider", "ebay"],
    ["--unknown", "x"],
  ])("refuses %s %s as wrong usage", async (...option) => {
    await start(runThrough());
    expect((await cli(["upload", file, ...option])).code).toBe(2);
  });

  it("tries again after a 503, with the same key", async () => {
    let posts = 0;
    const api = await start((seen) => {
      if (seen.method !== "POST") return { status: 200, body: status("completed", 20, 0) };
      posts += 1;
      return posts === 1
        ? { status: 503, body: { detail: "busy", code: "unavailable" } }
        : { status: 202, body: report };
    });
    expect((await cli(["upload", file])).code).toBe(0);
    const keys = api.seen
      .filter(({ path }) => path.endsWith("/catalogs"))
      .map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});
