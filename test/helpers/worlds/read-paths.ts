import { estimateUpload } from "../../../lambdas/catalogs-api/routes/runs/estimate-upload.ts";
import type { OutgoingEvent } from "../../../lambdas/common/core/contract/events/outgoing-event.ts";
import { rowWriter } from "../../../lambdas/common/core/exports/row-writer.ts";
import { writePage } from "../../../lambdas/export-catalog/export-pages.ts";
import { handleProducts } from "../../../lambdas/publish-events/changes/handle-products.ts";
import { publishChanges } from "../../../lambdas/publish-events/changes/publish-changes.ts";
import { recordHistory } from "../../../lambdas/publish-events/changes/record-history.ts";
import { uploadedCatalog } from "../../unit/catalogs-api/uploaded-catalog.ts";
import { US } from "../../unit/common/sources/chain/fakes.ts";
import { streamEvent } from "../../unit/publish-events/changes/history-world.ts";
import { silentLog, silentMeter } from "../silent.ts";
import type { RightsWorld } from "./rights-world.ts";

/** A place that reads stored content. */
export interface ReadPath {
  /** File that calls the reader of products, the reader of the history, or what fetches and stores. */
  readonly file: string;
  /** Reads as a caller would, and yields each answer as text, at its time. Null: it gives out nothing, and `why` says so. */
  readonly read: ((world: RightsWorld, asins: readonly string[]) => AsyncIterable<string>) | null;
  /** Whether what it gives out are changes, which only some licences allow. @default false */
  readonly givesChanges?: true;
  /** What keeps it from giving out content, where `read` is null. */
  readonly why?: string;
}

type Read = NonNullable<ReadPath["read"]>;

const get = async (world: RightsWorld, path: string): Promise<string> =>
  JSON.stringify((await world.api.get(path)).body);
const post = async (world: RightsWorld, path: string, body: unknown): Promise<string> =>
  JSON.stringify((await world.api.post(path, body)).body);
/** One call for each product. */
const getEach = (path: (asin: string) => string): Read =>
  async function* (world, asins) {
    for (const asin of asins) yield await get(world, path(asin));
  };

/** While the sources answer nothing, and while they do: the answer may be stored, reused, new, or all of it. */
const lookUp: Read = async function* (world, asins) {
  const [first = "", ...rest] = asins;
  for (const isOut of [true, false]) {
    world.isOut = isOut;
    yield await get(world, `/products/${first}/enhanced`);
    yield await post(world, "/products/bulk-enhanced", { asins: rest });
  }
  world.isOut = true;
};

const importProduct: Read = async function* (world, [asin]) {
  world.isOut = false;
  yield await post(world, "/products/import", { asin });
  world.isOut = true;
};

const catalogs = new WeakMap<RightsWorld, ReturnType<typeof uploadedCatalog>>();
const listProducts: Read = async function* (world) {
  const uploaded = catalogs.get(world) ?? uploadedCatalog();
  catalogs.set(world, uploaded);
  const { deps, get, id } = await uploaded;
  Object.assign(deps, { products: world.api.store, licences: world.api.licences });
  yield JSON.stringify((await get(`/${id}/products?limit=20`)).body);
};

const exportPage: Read = async function* (world, asins) {
  const context = {
    products: world.api.store,
    outcomes: { of: async () => ({ state: "enriched" as const }) } as never,
    writer: rowWriter("csv", ["asin"], 1),
    ...{ rowState: null, licences: world.api.licences, publicOnly: false, passed: new Map() },
  };
  const rows = asins.map((asin, index) => ({
    ...{ line: index + 2, verdict: "valid" as const, product_key: `${US}#${asin}`, cells: [asin] },
  }));
  yield (await writePage(context, rows)).text;
};

const estimate: Read = async function* ({ api }, asins) {
  const run = {
    segments: [{ marketplace: US, products: asins.length }],
    sampleKeys: asins.map((asin) => `${US}#${asin}`),
    ...{ sources: [], batches: 1, include_variations: false },
  };
  yield JSON.stringify(await estimateUpload({ products: api.store, clock: api.clock }, run));
};

/** Events, and what goes to the history. */
const publishChanged: Read = async function* (world, asins) {
  const published: OutgoingEvent[] = [];
  const recorded: unknown[] = [];
  const { licences, store } = world.api;
  const history = {
    latest: world.history.latest.bind(world.history),
    record: async (...record: Parameters<typeof world.history.record>) => {
      recorded.push(record[2]);
    },
  };
  const publish = async (events: readonly OutgoingEvent[]) => void published.push(...events);
  await handleProducts({
    ...{ products: store, licences, log: silentLog, meter: silentMeter },
    history: history as never,
    sinks: [
      publishChanges({ publish }, { licences, revoked: async () => new Set(world.api.revoked) }),
      recordHistory(history),
    ],
  })(streamEvent(...asins.map((asin) => `${US}#${asin}`)));
  yield JSON.stringify([published, recorded]);
};

const API = "lambdas/products-api";

/** All of them. A contract test compares the files with the code. */
export const READ_PATHS: readonly ReadPath[] = [
  {
    file: "lambdas/catalogs-api/routes/runs/estimate-upload.ts",
    read: estimate,
  },
  { file: "lambdas/catalogs-api/routes/catalogs/list-products.ts", read: listProducts },
  {
    file: "lambdas/catalogs-api/routes/feeds/fetch-feed.ts",
    read: null,
    why: "given out until the first of its fields ends: feed-file.property.test.ts and fetch-feed.test.ts",
  },
  {
    file: "lambdas/enrich-batch/enrich/table-look-up.ts",
    read: null,
    why: "what the chain begins with; what comes of it is stored and read again",
  },
  { file: "lambdas/export-catalog/deps.ts", read: null, why: "hands the reader to export-pages.ts" },
  { file: "lambdas/export-catalog/export-pages.ts", read: exportPage },
  {
    file: `${API}/look-up/kept-prices.ts`,
    read: getEach((asin) => `/products/${asin}/history?series=keepa&field=title`),
  },
  { file: `${API}/look-up/look-up.ts`, read: lookUp },
  {
    file: `${API}/routes/get-history.ts`,
    read: getEach((asin) => `/products/${asin}/history`),
  },
  {
    file: `${API}/routes/get-product.ts`,
    read: getEach((asin) => `/products/${asin}`),
  },
  { file: `${API}/routes/import-product.ts`, read: importProduct },
  { file: `${API}/routes/list-stored.ts`, read: getEach(() => "/products?limit=20") },
  { file: "lambdas/publish-events/changes/handle-products.ts", read: publishChanged, givesChanges: true },
  {
    file: "lambdas/publish-events/outcomes/handle-status.ts",
    read: null,
    why: "ASINs of variants, and colours as far as the licence has history: handle-status.test.ts",
  },
  {
    file: "lambdas/refresh-products/refresh-job.ts",
    read: null,
    why: "whether they are still due, and what changed, without values",
  },
];
