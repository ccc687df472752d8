import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { layoutOf } from "../../../local/layout.ts";
import { FunctionLog } from "../../helpers/chaos/faults/function-log.ts";
import { FunctionWorkers } from "../../helpers/chaos/faults/function-workers.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { LargeUploads } from "../../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));
const iso = (ms: number): string => new Date(ms).toISOString();
/** Pause between checks for a moment that must not be missed. */
const CHECK_AT_ONCE_MS = 25;
const HOUR_MS = 3_600_000;

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

describe("a reading that died", () => {
  it("because its process was killed is begun again from the file, and counts every row once", async () => {
    const rows = Array.from(
      { length: 600_000 },
      (_, n) => `B0K${String(n).padStart(7, "0")},SKU-${n},a title of some length`,
    );
    const content = bytes(["asin,sku,title", ...rows].join("\n"));
    const id = await uploads.send(content, { file_name: "killed.csv", enrich: false });
    const workers = new FunctionWorkers(layoutOf(inject("stateDir")));
    const firstAttempt = { state: "ingesting", ingest: { attempt: 1 } };
    // The row says it at the start of the attempt. So however fast the machine is, nearly all of the file is before it.
    const hasBegun = ({ state }: CatalogRow) => state !== "awaiting_upload";
    await waitFor("the reading to begin", () => uploads.row(id), hasBegun, 60, CHECK_AT_ONCE_MS);
    // Stopped where it is, so that it does not finish while it is inspected.
    expect(await workers.signal("IngestCatalog", "SIGSTOP")).toBeGreaterThan(0);
    expect(await uploads.row(id)).toMatchObject(firstAttempt);
    expect(await workers.signal("IngestCatalog", "SIGKILL")).toBeGreaterThan(0);

    const { ingest, state, user_id } = await uploads.row(id);
    expect({ state, ingest }).toMatchObject(firstAttempt);
    // What 90 seconds do: the lease of the dead one ends, and its slot, and its message is hidden no more.
    await uploads.endSlots(user_id);
    await world.deployed.empty(world.deployed.queue("ingest").url);
    const past = iso(Date.now() - 1_000);
    await uploads.change(id, { ingest: { ...ingest, lease_until: past }, due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 120)).toMatchObject({ state: "ready", totals: { products: 600_000 } });
    const row = await uploads.row(id);
    expect(row.ingest?.attempt).toBeGreaterThan(1);
    expect(row.rows_key).toBe(`catalogs/${id}/${row.ingest?.attempt}/rows.ndjson`);
  });

  it("is begun again when its lease has ended, and only then", async () => {
    const asins = asinSeries("DEAD", 40);
    const content = bytes(csvOf(asins));
    const address = await uploads.request({
      file_name: "died.csv",
      content_length: content.byteLength,
      enrich: false,
    });
    const id = address.catalog_id;
    // As the process leaves it when it is killed in the middle of its first attempt.
    // Longer than this test takes on any machine: it is moved below.
    const leaseUntil = iso(Date.now() + 900_000);
    await uploads.change(id, {
      state: "ingesting",
      ingest: { attempt: 1, lease_until: leaseUntil, bytes_read: 100 },
      due_at: leaseUntil,
    });
    await uploads.leave(`catalogs/${id}/1/products/1.ndjson`);
    await uploads.put(address, content);
    await world.deployed.invoke("reconcile");
    const { url } = world.deployed.queue("ingest");
    await waitFor(
      "the event to be taken",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      30,
    );
    expect(await uploads.row(id)).toMatchObject({ state: "ingesting", ingest: { attempt: 1 } });

    const past = iso(Date.now() - 1_000);
    await uploads.change(id, { ingest: { attempt: 1, lease_until: past, bytes_read: 100 }, due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 60)).toMatchObject({ state: "ready", totals: { products: 40 } });
    expect(await uploads.row(id)).toMatchObject({ ingest: { attempt: 2, bytes_read: content.byteLength } });
    const isOfTheSecond = (key: string) => key.startsWith(`catalogs/${id}/2/`);
    const read = () => uploads.objects(id);
    // What the first attempt left goes once the second has committed.
    const objects = await waitFor("the first attempt's objects to go", read, (keys) => keys.every(isOfTheSecond), 30);
    expect(objects.length).toBeGreaterThan(0);
    // The file of a catalog that is ready stays for its seven days.
    expect(await uploads.hasFile(id)).toBe(true);
  });

  it("twelve times is given up in words that help", async () => {
    const { catalog_id } = await uploads.request({ file_name: "x.csv", content_length: 5 });
    await uploads.leave(`catalogs/${catalog_id}/12/rows.ndjson`);
    const past = iso(Date.now() - 1_000);
    await uploads.change(catalog_id, {
      state: "ingesting",
      ingest: { attempt: 12, lease_until: past, bytes_read: 0 },
      due_at: past,
    });
    await world.deployed.invoke("reconcile");
    expect(await world.demo.status(catalog_id)).toMatchObject({
      state: "ingest_failed",
      failure: expect.stringMatching(/12 attempts.*Upload it again.*correlation id/),
    });
    await uploads.nothingStays(catalog_id);
  });
});

describe("a file whose user has as many others being read as may be", () => {
  it("waits for a free slot without a failed delivery, and is read then", async () => {
    const content = bytes(csvOf(asinSeries("TURN", 10)));
    const address = await uploads.request({ file_name: "t.csv", content_length: content.byteLength, enrich: false });
    const { catalog_id, user_id } = await uploads.row(address.catalog_id);
    const freeSlots = await uploads.takeSlots(user_id, 2, Date.now() + HOUR_MS);
    await uploads.put(address, content);
    const log = new FunctionLog(layoutOf(inject("stateDir")));
    await waitFor(
      "its slot to be refused",
      async () => log.said("as many files of this user as may be are being read, this one waits", { catalog_id }),
      (times) => times > 0,
      30,
    );
    // Another one's file overtakes it meanwhile.
    const others = new LargeUploads(world.other, inject("outputs"));
    const other = await others.send(bytes(csvOf(asinSeries("TURO", 10))), { enrich: false });
    expect(await others.read(other, 60)).toMatchObject({ state: "ready" });
    others.close();
    expect(await world.demo.status(catalog_id)).toMatchObject({ state: "awaiting_upload" });
    await freeSlots();
    expect(await uploads.read(catalog_id, 60)).toMatchObject({ state: "ready", totals: { products: 10 } });
    expect((await uploads.row(catalog_id)).ingest?.attempt).toBe(1);
  });
});

describe("a file that never comes", () => {
  it("ends its catalog after 24 h", async () => {
    const { catalog_id } = await uploads.request({ file_name: "x.csv", content_length: 5 });
    const past = iso(Date.now() - 1_000);
    await uploads.change(catalog_id, { created_at: iso(Date.now() - 24 * HOUR_MS - 1_000), due_at: past });
    await world.deployed.invoke("reconcile");
    expect(await world.demo.status(catalog_id)).toMatchObject({
      state: "ingest_failed",
      failure: expect.stringContaining("within 24 h"),
      ingest: null,
    });
  });

  it("is rechecked in an hour when its address has ended, and is still awaited", async () => {
    const { catalog_id } = await uploads.request({ file_name: "x.csv", content_length: 5 });
    // A pass of the schedule may find it first.
    const from = Date.now();
    await uploads.change(catalog_id, { due_at: iso(from - 1_000) });
    await world.deployed.invoke("reconcile");
    const checked = Date.now();
    const { url } = world.deployed.queue("ingest");
    await waitFor(
      "the recheck",
      () => world.deployed.waiting(url),
      (count) => count === 0,
      30,
    );
    const row = await uploads.row(catalog_id);
    expect(row.state).toBe("awaiting_upload");
    expect(Date.parse(row.due_at ?? "")).toBeGreaterThanOrEqual(from + HOUR_MS);
    expect(Date.parse(row.due_at ?? "")).toBeLessThanOrEqual(checked + HOUR_MS);
  });
});

describe("a file whose event is lost", () => {
  it("is read at a later recheck of reconcile, even when its 24 h are over, and not removed unread", async () => {
    const content = bytes(csvOf(asinSeries("LOST", 30)));
    const address = await uploads.request({ file_name: "l.csv", content_length: content.byteLength, enrich: false });
    const id = address.catalog_id;
    // To a reader that finds this state its event says nothing.
    await uploads.change(id, { state: "ready" });
    await uploads.put(address, content);
    const log = new FunctionLog(layoutOf(inject("stateDir")));
    await waitFor(
      "the event to be taken",
      async () => log.said("nothing to read for this message", { catalog_id: id }),
      (times) => times > 0,
      30,
    );
    const created_at = iso(Date.now() - 25 * HOUR_MS);
    await uploads.change(id, { state: "awaiting_upload", created_at, due_at: iso(Date.now() - 1_000) });
    await world.deployed.invoke("reconcile");
    expect(await uploads.read(id, 60)).toMatchObject({ state: "ready", totals: { products: 30 } });
    expect(await uploads.hasFile(id)).toBe(true);
  });
});
