import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { LargeUploads } from "../../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));

let world: World;
let uploads: LargeUploads;
beforeAll(async () => {
  world = await openWorld();
  await world.upstream.begin();
  uploads = new LargeUploads(world.demo, inject("outputs"));
});
afterAll(() => {
  uploads.close();
  world.deployed.close();
});

describe("the same content while its run is open", () => {
  const csv = csvOf(asinSeries("DUPX", 30));

  it("is refused in a request and by file, naming the other catalog, unless forced", async () => {
    await world.upstream.set({ outage: true });
    try {
      const first = await world.demo.start(csv, { name: "First one" });
      const problem = await world.demo.refusal(409, "POST", "/catalogs", {
        body: csv,
        headers: { "content-type": "text/csv" },
      });
      expect(problem).toMatchObject({ code: "duplicate_upload" });
      expect(problem.detail).toContain(`"First one" (${first})`);
      expect(problem.detail).toContain("force=true");

      const second = await uploads.send(bytes(csv));
      expect(await uploads.read(second, 60)).toMatchObject({
        state: "ingest_failed",
        failure: expect.stringContaining(first),
      });
      await uploads.nothingStays(second);

      const forced = await uploads.send(bytes(csv), { force: true });
      expect((await uploads.read(forced, 60)).tracking_id).toMatch(/^enrich_/);
      // Another user's products are another user's affair.
      await world.other.start(csv, { name: "Mine" });
    } finally {
      await world.upstream.set({ outage: null });
    }
  });
});

describe("a file that is no catalog", () => {
  it.each([
    ["a spreadsheet by its name", 415, { file_name: "list.xlsx", content_length: 10 }, "save the sheet as CSV"],
    ["an archive by its name", 415, { file_name: "list.zip", content_length: 10 }, "Unpack it"],
    ["a picture by its type", 415, { file_name: "list", content_type: "image/png", content_length: 10 }, "Send CSV"],
    ["3 GB", 413, { file_name: "list.csv", content_length: 3 * 1024 ** 3 }, "Split the file"],
    ["nothing", 400, { file_name: "list.csv", content_length: 0 }, "The file is empty"],
    ["of no known length", 400, { file_name: "list.csv" }, "breaks a rule"],
  ])("%s is refused before a byte is sent", async (_, status, body, words) => {
    const before = (await world.demo.catalogs()).length;
    expect((await uploads.refusal(status, body)).detail).toContain(words);
    expect((await world.demo.catalogs()).length).toBe(before);
  });

  it.each([
    [
      "a workbook under a false name",
      Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.from("[Content_Types].xml")]),
      "save the sheet as CSV",
    ],
    ["a packed file", gzipSync("asin\nB0ABCDEF01"), "compressed by gzip"],
    ["white space only", Buffer.from(" \n\n \n"), "The file is empty"],
    ["a header without a usable column", Buffer.from("colour,size\nred,1\nblue,2"), "asin"],
    ["rows without one product", Buffer.from("asin\nnope\nnothing"), "line 2"],
    [
      "a quote that is open for over 1 MB",
      Buffer.from(`asin,title\nB0ABCDEF01,"${"word ".repeat(250_000)}`),
      "never closed",
    ],
  ])("%s ends as ingest_failed with the reason and the fix, and leaves nothing", async (_, content, words) => {
    const id = await uploads.send(Uint8Array.from(content));
    const status = await uploads.read(id, 60);
    expect(status.state).toBe("ingest_failed");
    expect(status.failure).toContain(words);
    const { body } = await world.demo.call("GET", `/catalogs/${id}`);
    expect(body).toMatchObject({ state: "ingest_failed", failure: status.failure });
    await uploads.nothingStays(id);
  });
});
