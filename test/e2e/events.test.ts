import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import * as z from "zod";
import { eventDetail } from "../../lambdas/common/core/contract/events/event-detail.ts";
import { EVENT_SCHEMAS } from "../../lambdas/common/core/contract/events/event-schemas.ts";
import { HistoryAnswerSchema } from "../../lambdas/common/core/contract/products/history.ts";
import type { HistoryField } from "../../lambdas/common/core/history/history-fields.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { LOCAL_ARCHIVE } from "../../local/emulator/add-archive.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { changeEvent } from "../helpers/e2e/notices/change-event.ts";
import { openNoticeQueue } from "../helpers/e2e/notices/notice-queue.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

/** What other systems are asked for after a product was enriched. */
const DOWNSTREAM = ["ContentGenerationRequested", "QualityAssessmentRequested", "AnalyticsRecorded"] as const;
/** What is found by comparing a product with what was recorded of it. */
const CHANGES = ["ProductPriceChanged", "ProductBecameUnavailable"] as const;
const EventSchema = z.looseObject({
  "detail-type": z.enum([
    "ProductEnriched",
    "ProductEnrichmentFailed",
    "CatalogRunCompleted",
    ...CHANGES,
    ...DOWNSTREAM,
  ]),
  "replay-name": z.string().optional(),
  detail: z.looseObject({
    id: z.string(),
    data: z.looseObject({
      ...{ asin: z.string().optional(), request_id: z.string().optional(), catalog_id: z.string().optional() },
    }),
  }),
});
type Received = z.infer<typeof EventSchema>;

const outputs = inject("outputs");
const SCRIPT = fileURLToPath(new URL("../../cli/enrichline.ts", import.meta.url));
const run = randomUUID();
const begun = new Date(Date.now() - 5_000);
const bridge = new EventBridgeClient(clientConfig(outputs.emulatorUrl));
const sqs = new SQSClient(clientConfig(outputs.emulatorUrl));
const [good = "", missing = ""] = asinSeries("EVNT", 2);
const received: Received[] = [];
let world: World;
let queueUrl = "";

/** A queue behind a rule, as the system of somebody else has it. */
beforeAll(async () => {
  world = await openWorld();
  ({ QueueUrl: queueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `receiver-${run}` })));
  const asked = { QueueUrl: queueUrl, AttributeNames: ["QueueArn" as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(asked));
  const rule = { Name: `receiver-${run}`, EventBusName: outputs.eventBus };
  const EventPattern = JSON.stringify({ source: ["enrichline"] });
  await bridge.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Targets = [{ Id: "queue", Arn: Attributes?.QueueArn ?? "" }];
  await bridge.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets }));
});
afterAll(() => {
  world.deployed.close();
  bridge.destroy();
  sqs.destroy();
});

const poll = async (): Promise<readonly Received[]> => {
  const bodies = await world.deployed.take(queueUrl);
  received.push(...bodies.map((body) => EventSchema.parse(JSON.parse(body))));
  return received;
};
const isDownstream = (event: Received): boolean => DOWNSTREAM.some((type) => type === event["detail-type"]);
const answersTo = (id: string) =>
  received.filter((event) => event.detail.data.request_id === `${run}-${id}` && !isDownstream(event));

const ask = async (requests: readonly (readonly [id: string, data: object])[]): Promise<void> => {
  const { FailedEntryCount } = await bridge.send(
    new PutEventsCommand({
      Entries: requests.map(([id, data]) => ({
        ...{ EventBusName: outputs.eventBus, Source: "shop.example", DetailType: "ProductEnrichmentRequested" },
        Detail: JSON.stringify({
          ...{ id: `e-${id}`, version: 1, time: new Date().toISOString(), correlation_id: `corr-${run}-${id}` },
          data: { request_id: `${run}-${id}`, retry_count: 0, region: "US", ...data },
        }),
      })),
    }),
  );
  expect(FailedEntryCount).toBe(0);
};

/** What `enrichline events send` says of a file of events, as a person sends it. */
const sendByCommand = async (events: readonly object[]): Promise<unknown> => {
  const dir = await mkdtemp(join(tmpdir(), "events-"));
  try {
    const file = join(dir, "events.json");
    await writeFile(file, JSON.stringify(events));
    const env = { ...process.env, ENRICHLINE_LOCAL_DIR: inject("stateDir") };
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, "events", "send", file, "--json"], { env });
    return JSON.parse(stdout);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

it("enriches what an event asks for, once, and answers each request, the bad ones too", async () => {
  await world.upstream.set({ not_found_asins: [missing] });
  await ask([
    ["good", { asin: good }],
    ["bad", { asin: "nothing" }],
    ["missing", { asin: missing, region: "www.amazon.com" }],
    ["good", { asin: good }],
  ]);
  await waitFor(
    "an answer to each request",
    poll,
    () => ["good", "bad", "missing"].every((id) => answersTo(id).length > 0),
    60,
  );
  await ask([["good", { asin: good }]]);
  const [enriched] = answersTo("good");
  expect(enriched).toMatchObject({
    "detail-type": "ProductEnriched",
    detail: {
      correlation_id: `corr-${run}-good`,
      data: {
        ...{ asin: good, region: "www.amazon.com", processing_ms: expect.any(Number) },
        // Variations are fetched unless the request says no.
        color_variants: expect.arrayContaining([expect.objectContaining({ asin: good })]),
      },
    },
  });
  expect(answersTo("bad")[0]?.detail.data).toMatchObject({ error_code: "InvalidRequest" });
  expect(answersTo("missing")[0]?.detail.data).toMatchObject({ error_code: "ItemNotAccessible", retry_count: 0 });
  for (const event of received) {
    const schema: z.ZodType = eventDetail(EVENT_SCHEMAS[event["detail-type"]]);
    expect(schema.safeParse(event.detail).error).toBeUndefined();
  }
  const product = await world.demo.call("GET", `/products/${good}?marketplace=www.amazon.com`);
  expect(product.status).toBe(200);
  // A second answer would come behind those of a request that came after it.
  expect(await sendByCommand([{ asin: good, region: "US", request_id: `${run}-last` }])).toMatchObject({ sent: 1 });
  await waitFor("the answer to the last request", poll, () => answersTo("last").length > 0, 60);
  expect(new Set(answersTo("good").map(({ detail }) => detail.id)).size).toBe(1);
});

it("asks other systems for what comes next, once for each outcome, and gives them no text of it", async () => {
  const after = (id: string) =>
    received.filter((event) => isDownstream(event) && event.detail.data.request_id === `${run}-${id}`);
  const types = (id: string) => [...new Set(after(id).map((event) => event["detail-type"]))].sort();
  const isAsked = (): boolean => types("good").length === DOWNSTREAM.length && types("missing").length > 0;
  await waitFor("what comes after the products", poll, isAsked, 60);
  expect(new Set(after("good").map(({ detail }) => detail.id)).size).toBe(DOWNSTREAM.length);
  // Nobody is asked for texts of a product that there is none of.
  expect(types("missing")).toEqual(["AnalyticsRecorded"]);
  for (const event of [...after("good"), ...after("missing")]) {
    const schema: z.ZodType = eventDetail(EVENT_SCHEMAS[event["detail-type"]]);
    expect(schema.safeParse(event.detail).error).toBeUndefined();
    expect(JSON.stringify(event.detail)).not.toMatch(/title|price|image/i);
  }
});

/** What is recorded of a product's field, which the next look at it is compared with; nothing while it is not stored. */
const recordedOf = async (asin: string, field: HistoryField) => {
  const { status, body } = await world.demo.call("GET", `/products/${asin}/history`, { query: { field } });
  if (status === 404) return [];
  return HistoryAnswerSchema.parse(body).series[0]?.points ?? [];
};

/*
 * Stage local acknowledges a history for the Creators API. Its licence has none, and without that sentence neither event
 * comes (`publish-changes.test.ts`), because both tell what was said before. `public` is by the licence itself.
 */
it("tells that a price changed and a product is not sold any more, as the stage's acknowledgement allows", async () => {
  const [cheaper = "", gone = ""] = asinSeries("EVPC", 2);
  const sold = { price_minor: 1999, availability: "IN_STOCK" };
  const recorded = () => Promise.all([recordedOf(cheaper, "current_price"), recordedOf(gone, "availability_type")]);
  await world.upstream.set({ changed_offers: { [cheaper]: sold, [gone]: sold } });
  await ask([cheaper, gone].map((asin) => [asin, { asin, include: [] }]));
  await waitFor("what to compare with", recorded, (series) => series.every((points) => points.length > 0), 60);
  const changed_offers = { [cheaper]: { ...sold, price_minor: 1749 }, [gone]: { availability: "UNAVAILABLE" } };
  await world.upstream.set({ changed_offers });
  await world.demo.start(csvOf([cheaper, gone]), { force: "true" });
  const series = await waitFor("the changes", recorded, (all) => all.every((points) => points.length > 1), 60);
  expect(series.map((points) => points.map(({ value }) => value))).toEqual([
    ["19.99", "17.49"],
    ["in_stock", "unavailable"],
  ]);
  const [cheaperAt = "", goneAt = ""] = series.map((points) => points[1]?.at);
  const region = "www.amazon.com";
  const prices = { old_price: "19.99", old_currency: "USD", new_price: "17.49", currency: "USD" };
  const expected = [
    changeEvent("current_price", {
      ...{ asin: cheaper, region, ...prices, source: "creators-api", public: true, changed_at: cheaperAt },
    }),
    changeEvent("availability_type", { asin: gone, region, previous_availability: "in_stock", changed_at: goneAt }),
  ];
  const arrived = () => {
    const ours = received.filter(({ "detail-type": type }) => CHANGES.some((change) => change === type));
    // Each comes at least once, and again under the same id.
    return [...new Map(ours.map((event) => [event.detail.id, event])).values()];
  };
  await waitFor("both events", poll, () => arrived().length >= expected.length, 60);
  expect(arrived().map(({ "detail-type": type, detail }) => ({ "detail-type": type, detail }))).toEqual(
    expect.arrayContaining(expected),
  );
  expect(arrived()).toHaveLength(expected.length);
});

it("tells that the run of a user's catalog ended, and nothing of its products where the stage leaves them out", async () => {
  const asins = asinSeries("EVRN", 2);
  const { catalog_id } = await world.demo.upload("text/csv", csvOf(asins));
  const ofRun = () => received.filter((event) => event.detail.data.catalog_id === catalog_id);
  await waitFor("the end of the run on the bus", poll, () => ofRun().length > 0, 60);
  expect(ofRun()[0]).toMatchObject({
    "detail-type": "CatalogRunCompleted",
    detail: { data: { state: "completed", counts: { products: 2, enriched: 2, failed: 0, cancelled: 0 } } },
  });
  expect(received.some(({ detail: { data } }) => asins.includes(data.asin ?? ""))).toBe(false);
});

it("alerts who subscribed to the topic of a critical failure, with ASIN and message", async () => {
  const woken = await openNoticeQueue(outputs.emulatorUrl, outputs.topics["critical-failures"] ?? "");
  try {
    const at = new Date().toISOString();
    const data = {
      ...{ asin: missing, region: "www.amazon.com", request_id: `${run}-critical`, error_code: "DEAD_LETTERED" },
      ...{ error_message: "its batch made no progress", failed_at: at, retry_count: 0 },
    };
    const detail = { id: `evt-${run}`, version: 1, time: at, correlation_id: `corr-${run}`, data };
    // As publish-events puts it there when reconcile gave a batch up.
    const entry = { EventBusName: outputs.eventBus, Source: "enrichline", DetailType: "ProductEnrichmentFailed" };
    await bridge.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }));
    const [alert = ""] = await waitFor(
      "the alert",
      () => world.deployed.take(woken.url),
      (bodies) => bodies.length > 0,
      60,
    );
    expect(JSON.parse(alert)).toMatchObject({
      ...{ asin: missing, error_code: "DEAD_LETTERED", message: "its batch made no progress" },
      ...{ request_id: `${run}-critical`, correlation_id: `corr-${run}` },
    });
  } finally {
    await woken.close();
  }
});

it("keeps what went over the bus, for a replay that enriches nothing again", async () => {
  const { Archives = [] } = await bridge.send(new ListArchivesCommand({ NamePrefix: LOCAL_ARCHIVE }));
  const [archive] = Archives;
  const EventSourceArn = `${archive?.EventSourceArn?.replace(/:event-bus\/.*$/, "")}:archive/${LOCAL_ARCHIVE}`;
  const ReplayName = `replay-${run}`;
  await bridge.send(
    new StartReplayCommand({
      ...{ ReplayName, EventSourceArn, EventStartTime: begun, EventEndTime: new Date(Date.now() + 5_000) },
      Destination: { Arn: archive?.EventSourceArn ?? "" },
    }),
  );
  const state = () => bridge.send(new DescribeReplayCommand({ ReplayName }));
  await waitFor("the end of the replay", state, ({ State }) => State === "COMPLETED", 30);
  const before = new Set(received.map(({ detail }) => detail.id));
  // The same events under the same ids; requests among them were accepted before.
  await waitFor(
    "events of the replay",
    poll,
    (all) => all.some((one) => one["replay-name"] === ReplayName && before.has(one.detail.id)),
    60,
  );
  // A second answer to a replayed request would come behind that of a request that came after it.
  await ask([["after", { asin: good, include: [] }]]);
  await waitFor("the answer to a request after the replay", poll, () => answersTo("after").length > 0, 60);
  expect(answersTo("after")[0]?.detail.data.color_variants).toBeNull();
  expect(new Set(answersTo("good").map(({ detail }) => detail.id)).size).toBe(1);
});
