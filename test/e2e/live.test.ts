import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { LiveTicketSchema } from "../../lambdas/common/core/contract/live/live.ts";
import { type CatalogProgress, isNews } from "../../lambdas/common/core/live/catalog-progress.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { LargeUploads } from "../helpers/e2e/large-upload.ts";
import { LiveConnection } from "../helpers/e2e/live/live-connection.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";

const outputs = inject("outputs");
const PRODUCTS = 12;
let world: World;
let uploads: LargeUploads;
let address: string;
let live: LiveConnection;

beforeAll(async () => {
  world = await openWorld();
  uploads = new LargeUploads(world.demo, outputs);
  const { status, body } = await world.demo.call("POST", "/live/tickets");
  expect(status).toBe(201);
  address = `${outputs.webSocketUrl}?ticket=${LiveTicketSchema.parse(body).ticket}`;
  live = await LiveConnection.open(address);
});
afterAll(() => {
  live?.close();
  uploads?.close();
  world.deployed.close();
});

/** What came of a catalog, in its order. */
const progressOf = (catalogId: string): CatalogProgress[] =>
  live.messages.filter(
    (message): message is Record<string, unknown> & CatalogProgress =>
      message.type === "catalog_progress" && message.catalog_id === catalogId,
  );

/** Subscribes and gives the snapshot. */
const snapshotOf = (catalogId: string) => {
  live.say({ action: "subscribe_to_catalog", catalog_id: catalogId });
  return live.hears("the snapshot", (message) => progressOf(catalogId)[0] === message);
};

const hearsState = (catalogId: string, state: string) =>
  live.hears(`"${state}" of ${catalogId}`, (message) => message.catalog_id === catalogId && message.state === state);

it("a ticket opens one connection and no second one", async () => {
  await expect(LiveConnection.open(address)).rejects.toThrow("403");
  const others = await LiveConnection.open(outputs.webSocketUrl);
  others.say({ action: "subscribe_to_catalog", catalog_id: "cat_0000000000000001" });
  expect(await others.hears("a refusal", ({ type }) => type === "error")).toMatchObject({ code: "ticket_required" });
  others.close();
});

it("a run is pushed to its end, after a snapshot of the catalog without it", async () => {
  const csv = csvOf(asinSeries("LIVE", PRODUCTS));
  const { catalog_id } = await world.demo.upload("text/csv", csv, { enrich: "false" }, 201);
  const id = catalog_id ?? "";
  const none = { enriched: 0, failed: 0, cancelled: 0 };
  expect(await snapshotOf(id)).toMatchObject({
    ...{ tracking_id: null, state: "ready", counts: { ...none, pending: PRODUCTS } },
  });
  const { body } = await world.demo.call("POST", `/catalogs/${id}/enrich`);
  const { tracking_id } = body as { tracking_id: string };
  expect(await hearsState(id, "completed")).toMatchObject({
    ...{ tracking_id, counts: { ...none, pending: 0, enriched: PRODUCTS } },
  });
  const { sequence, state, counts } = await world.demo.status(id);
  expect(progressOf(id).reduce((known, next) => (isNews(known, next) ? next : known))).toMatchObject({
    ...{ tracking_id, sequence, state, counts },
  });
});

it("a catalog that never has a run is pushed to its end: its file is refused", async () => {
  const content = Uint8Array.from(Buffer.from(" \n\n \n"));
  const upload = await uploads.request({ file_name: "catalog.csv", content_length: content.byteLength });
  const { catalog_id } = upload;
  expect(await snapshotOf(catalog_id)).toMatchObject({ tracking_id: null, sequence: 0, state: "awaiting_upload" });
  await uploads.put(upload, content);
  const last = await hearsState(catalog_id, "ingest_failed");
  const { sequence, counts } = await world.demo.status(catalog_id);
  expect(last).toMatchObject({ tracking_id: null, sequence, counts });
});
