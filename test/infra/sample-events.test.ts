import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LambdaContext } from "hono/aws-lambda";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { RequestMessageSchema } from "../../lambdas/accept-requests/request-message.ts";
import { readChanges, StreamEventSchema } from "../../lambdas/broadcast-changes/read-changes.ts";
import { createApp as catalogsApi } from "../../lambdas/catalogs-api/app.ts";
import { BatchMessageSchema } from "../../lambdas/common/core/batches/batch-message.ts";
import { IngestBodySchema } from "../../lambdas/common/core/catalogs/ingest-message.ts";
import { EVENT_NAMES } from "../../lambdas/common/core/contract/events/event-names.ts";
import { readEventFile } from "../../lambdas/common/core/contract/events/read-event-file.ts";
import { ExportMessageSchema } from "../../lambdas/common/core/exports/export-message.ts";
import { licenceBook } from "../../lambdas/common/core/licences/licence-book.ts";
import { RefreshMessageSchema } from "../../lambdas/common/core/refresh/refresh-message.ts";
import { CaptionEventSchema } from "../../lambdas/common/core/shop/caption-event.ts";
import { ShopEventSchema } from "../../lambdas/common/core/shop/shop-event.ts";
import { ThumbnailsEventSchema } from "../../lambdas/common/core/shop/thumbnails-event.ts";
import { WebhookMessageSchema } from "../../lambdas/common/core/webhooks/webhook-message.ts";
import { createLambdaHandler } from "../../lambdas/common/platform/http/lambda-handler.ts";
import { readRecord } from "../../lambdas/common/platform/sqs/queue-record.ts";
import { createApp as operationsApi } from "../../lambdas/operations-api/app.ts";
import { createApp as productsApi } from "../../lambdas/products-api/app.ts";
import { createHandler as publishEvents } from "../../lambdas/publish-events/handler.ts";
import { readOutcomes, StatusStreamSchema } from "../../lambdas/publish-events/outcomes/read-outcomes.ts";
import { OutcomeEventSchema } from "../../lambdas/react-to-outcomes/outcome-event.ts";
import { createApp as shopApi } from "../../lambdas/shop-api/app.ts";
import { silentLog, silentMeter } from "../helpers/silent.ts";
import { LiveWorld } from "../helpers/worlds/live-world.ts";
import { captionBody, ShopWorld, shopRecord, thumbnailsBody } from "../helpers/worlds/shop-world.ts";
import { WebhookWorld } from "../helpers/worlds/webhook-world.ts";
import { AuthorizerWorld } from "../unit/authorize-requests/authorizer-world.ts";
import { fakeDeps } from "../unit/catalogs-api/fake-deps.ts";
import { fakeSource } from "../unit/common/sources/chain/fakes.ts";
import { fakeOperationsDeps } from "../unit/operations-api/fake-deps.ts";
import { failuresWorld } from "../unit/operations-api/routes/failures/failures-world.ts";
import { ProductsWorld } from "../unit/products-api/products-world.ts";
import { functionsOf, resourcesOf } from "./stage/resources.ts";
import { synthesizedStage } from "./stage/synth-stage.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "events");
/** Requests of the API lie by the group of their routes. */
const NAME = /^(?<room>[a-z-]+)(?:(?<=api)\/[a-z-]+)?\/(?<what>[a-z0-9-]+)\.v1\.json$/;
const files = globSync("**/*", { cwd: FOLDER, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1))
  .filter((file) => file !== "README.md")
  .sort();
const { templates } = synthesizedStage("prod");
const read = (file: string): unknown => JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
const isInvalid = (file: string): boolean => /-invalid[-.]/.test(file);

/** What the SQS event source hands over, as far as handlers read it. */
const SqsSchema = z.object({
  Records: z
    .array(
      z.looseObject({
        messageId: z.string().min(1),
        receiptHandle: z.string().min(1),
        body: z.string(),
        attributes: z.looseObject({ ApproximateReceiveCount: z.string().regex(/^[1-9]\d*$/) }),
        eventSource: z.literal("aws:sqs"),
      }),
    )
    .min(1),
});

const HttpSchema = z.looseObject({ version: z.literal("2.0"), routeKey: z.string(), rawPath: z.string() });
const AnswerSchema = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()) });

/** What each consumer reads a body by. */
const CONSUMERS: Readonly<Record<string, z.ZodType>> = {
  "enrich-batch": BatchMessageSchema,
  "ingest-catalog": IngestBodySchema,
  "export-catalog": ExportMessageSchema,
  // One consumer of two queues; samples are named after the queues.
  "caption-parsed": CaptionEventSchema,
  "thumbnail-generated": ThumbnailsEventSchema,
  "refresh-products": RefreshMessageSchema,
  "deliver-webhooks": WebhookMessageSchema,
  "accept-requests": RequestMessageSchema,
  "react-to-outcomes": OutcomeEventSchema,
};

const ofFolder = (folder: string): string[] => files.filter((file) => file.startsWith(`${folder}/`));

describe("the samples", () => {
  it("are there for every kind, valid and invalid, and are named <kind>/<name>.v1.json", () => {
    for (const file of files) expect(file).toMatch(NAME);
    expect(new Set(files.map((file) => NAME.exec(file)?.groups?.room))).toEqual(
      new Set(["api", "authorizer", "dynamodb", "eventbridge", "sqs", "websocket"]),
    );
    for (const room of Object.keys(CONSUMERS)) {
      const own = ofFolder("sqs").filter((file) => file.startsWith(`sqs/${room}`));
      expect(own.filter(isInvalid).length, room).toBeGreaterThan(0);
      expect(own.length, room).toBeGreaterThan(own.filter(isInvalid).length);
    }
  });
});

/** The room that answers a path of the API. */
const roomOf = (path: string): string => {
  if (path.startsWith("/api/v1/catalogs")) return "catalogs-api";
  if (path.startsWith("/api/v1/shop/")) return "shop-api";
  return /^\/api\/v1\/(?:products|sourcing)/.test(path) ? "products-api" : "operations-api";
};

/** Consumers whose samples have the names of their queues. */
const QUEUES: Readonly<Record<string, string>> = { "assemble-product": "caption-parsed" };

it("there is a sample to invoke each deployed function with", () => {
  const functions = Object.values(templates).flatMap((template) =>
    [...functionsOf(template)].map(
      ([id, fn]) => [id, String(fn.Environment.Variables.POWERTOOLS_SERVICE_NAME)] as const,
    ),
  );
  const scheduled = JSON.stringify(
    Object.values(templates).flatMap((template) => [...resourcesOf(template, "AWS::Scheduler::Schedule").values()]),
  );
  const answering = ofFolder("api").map((file) => roomOf(HttpSchema.parse(read(file)).rawPath));
  const without = functions.filter(
    ([id, room]) =>
      !answering.includes(room) &&
      !files.some(
        (file) =>
          new RegExp(`^(?:sqs|dynamodb|authorizer|eventbridge)/${QUEUES[room] ?? room}[-.]`).test(file) &&
          !isInvalid(file),
      ) &&
      // `eventbridge/schedule.v1.json` is what every schedule sends.
      !scheduled.includes(`"${id}"`),
  );
  expect(functions.length).toBeGreaterThan(10);
  expect(without).toEqual([]);
});

describe("a sample of what the authorizer is asked", () => {
  it.each(ofFolder("authorizer"))("%s is answered with whose the credential is", async (file) => {
    const authorizer = new AuthorizerWorld();
    const context = await authorizer.answer(read(file));
    expect(context).toMatchObject({ via: isInvalid(file) ? "nobody" : "key" });
  });
});

/** Whom the samples come from. */
const SAMPLE_USER = "6a1f0c5e-0000-4000-8000-000000000001";

describe("a sample of the API", () => {
  const routes = [...resourcesOf(templates.Api, "AWS::ApiGatewayV2::Route").values()].map(
    ({ Properties }) => Properties.RouteKey,
  );
  // A probe of the sample's source: how checks go is the matter of other tests.
  const checkSource = async () => ({
    ...{ source: "creators-api" as const, state: "ok" as const, ok: true, reason: "it answers", next_step: "" },
    ...{ marketplace: null, checks: [] },
  });
  const world = new ProductsWorld(fakeSource({ id: "creators-api" }));
  const shop = new ShopWorld();
  const failures = failuresWorld();
  const { trials } = failures.line;
  const apps = {
    "catalogs-api": catalogsApi(fakeDeps().deps),
    // How searches go is the matter of other tests too.
    "products-api": productsApi({ ...world.deps, searchNow: async () => ({ source: "creators-api", products: [] }) }),
    "shop-api": shopApi({ ...world.deps, products: shop.shopProducts }),
    "operations-api": operationsApi({
      ...{ ...fakeOperationsDeps(), checkSource, clock: failures.world.clock },
      failures: { ...trials, onUnreadable: () => {} },
    }),
  };

  it.each(ofFolder("api"))("%s comes by a route of ours and is answered as its name says", async (file) => {
    const event = HttpSchema.parse(read(file));
    expect(routes).toContain(event.routeKey);
    await world.put({ asin: "B08DQQ8CBP" });
    if (file.includes("try-failures")) await failures.fail(2, { owner_id: SAMPLE_USER });
    await shop.assemble([shopRecord("1", captionBody("v-1")), shopRecord("2", thumbnailsBody("v-1"))]);
    const app = apps[roomOf(event.rawPath) as keyof typeof apps];
    const handler: (event: never, context?: LambdaContext) => Promise<unknown> = createLambdaHandler(app);
    const { statusCode, headers } = AnswerSchema.parse(await handler(event as never));
    if (isInvalid(file)) {
      expect(statusCode).toBe(400);
      expect(headers["content-type"]).toBe("application/problem+json");
    } else {
      expect(statusCode).toBeGreaterThanOrEqual(200);
      expect(statusCode).toBeLessThan(300);
    }
  });
});

describe("a sample of a queue", () => {
  it.each(ofFolder("sqs"))("%s is read by its consumer, or refused if its name says so", (file) => {
    const room = Object.keys(CONSUMERS).find((name) => new RegExp(`^sqs/${name}[-.]`).test(file));
    const schema = CONSUMERS[room ?? ""];
    if (!schema) throw new Error(`no consumer has the name of ${file}`);
    const schemas = /^sqs\/(caption|thumbnail)-/.test(file) ? [schema, ShopEventSchema] : [schema];
    for (const record of SqsSchema.parse(read(file)).Records) {
      for (const one of schemas) expect(readRecord(one, record).kind).toBe(isInvalid(file) ? "unreadable" : "readable");
    }
  });
});

it("the sample of a run that webhooks tell of is told to the endpoints of its user", async () => {
  const [record] = SqsSchema.parse(read("sqs/deliver-webhooks-run.v1.json")).Records;
  const world = new WebhookWorld();
  const endpoint = await world.endpoint({}, "0b1f6d3a-0000-4000-8000-00000000aaaa");
  await world.deliver([WebhookMessageSchema.parse(JSON.parse(record?.body ?? ""))]);
  await world.pass(1_000);
  expect(world.sentTo(endpoint)).toMatchObject([{ body: { type: "catalog.completed" } }]);
});

describe("a sample of a WebSocket connection", () => {
  it.each(ofFolder("websocket"))("%s is answered by the function, with an error if its name says so", async (file) => {
    const world = new LiveWorld();
    await world.serve(JSON.parse(readFileSync(join(FOLDER, "websocket", "connect.v1.json"), "utf8")));
    expect(await world.serve(read(file))).toEqual({ statusCode: 200 });
    const types = world.sentTo("sample0000000001").map(({ type }) => type);
    if (file.endsWith("connect.v1.json")) expect(types).toEqual([]);
    else expect(types).toEqual(["connected", isInvalid(file) ? "error" : expect.stringMatching(/^(pong|subscribed)$/)]);
  });
});

describe("a sample of a stream", () => {
  const isPushed = (file: string): boolean => file.startsWith("dynamodb/broadcast-changes");
  const isOutcome = (file: string): boolean => file.startsWith("dynamodb/publish-events-outcomes");

  it.each(ofFolder("dynamodb").filter(isOutcome))("%s tells what ended, or is refused if its name says so", (file) => {
    const { products, unreadable } = readOutcomes(StatusStreamSchema.parse(read(file)).Records);
    expect([products.length, unreadable.length]).toEqual(isInvalid(file) ? [0, 1] : [1, 0]);
  });

  it.each(ofFolder("dynamodb").filter(isPushed))("%s is pushed, or refused if its name says so", (file) => {
    const { progress, products, unreadable } = readChanges(StreamEventSchema.parse(read(file)).Records);
    expect([progress.length + products.length, unreadable.length]).toEqual(isInvalid(file) ? [0, 1] : [1, 0]);
  });

  it.each(ofFolder("dynamodb").filter((file) => !isPushed(file) && !isOutcome(file)))(
    "%s names products, or is refused if its name says so",
    async (file) => {
      const asked: string[] = [];
      const publish = publishEvents({
        products: {
          getMany: async (keys) => {
            asked.push(...keys);
            return new Map();
          },
        },
        ...{
          history: { latest: async () => ({ known: new Map(), unreadable: new Map() }) },
          failures: { getMany: async () => [] },
          sinks: [],
        },
        ...{ bus: { publish: async () => undefined }, webhooks: undefined },
        ...{ licences: licenceBook(), log: silentLog, meter: silentMeter },
      });
      if (isInvalid(file)) await expect(publish(read(file))).rejects.toThrow(/stream/);
      else await publish(read(file));
      expect(asked.length > 0).toBe(!isInvalid(file));
    },
  );
});

describe("a sample of EventBridge", () => {
  const isOfBus = (file: string): boolean => !file.startsWith("eventbridge/schedule");
  const isInvoked = (file: string): boolean => file.startsWith("eventbridge/react-to-outcomes");

  it.each(ofFolder("eventbridge").filter(isInvoked))("%s is reacted to, or refused if its name says so", (file) => {
    expect(OutcomeEventSchema.safeParse(read(file)).success).toBe(!isInvalid(file));
  });

  it("is there for each event, valid and invalid", () => {
    const names = ofFolder("eventbridge").map((file) => file.replace(/^eventbridge\/|\.v1\.json$/g, ""));
    for (const name of Object.values(EVENT_NAMES)) {
      expect(names).toContain(name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase());
    }
    const invalid = ofFolder("eventbridge").filter((file) => isInvalid(file) && !isInvoked(file));
    const types = invalid.flatMap((file) => z.array(z.looseObject({ type: z.string() })).parse([read(file)].flat()));
    expect(new Set(types.map(({ type }) => type))).toEqual(new Set(Object.values(EVENT_NAMES)));
  });

  it.each(ofFolder("eventbridge").filter((file) => isOfBus(file) && !isInvoked(file)))(
    "%s can be put on the bus, or is refused if its name says so",
    (file) => {
      const { events, problems } = readEventFile(JSON.stringify(read(file)));
      expect(problems.length > 0).toBe(isInvalid(file));
      expect(events.length > 0).toBe(!isInvalid(file));
    },
  );

  it.each(ofFolder("eventbridge").filter((file) => !isOfBus(file)))("%s is what every schedule sends", (file) => {
    const schedules = [templates.Pipeline, templates.Shop].flatMap((template) => [
      ...resourcesOf(template, "AWS::Scheduler::Schedule").values(),
    ]);
    expect(schedules.length).toBeGreaterThan(0);
    for (const { Properties } of schedules) {
      const { Input } = z.object({ Input: z.string() }).parse(Properties.Target);
      expect(JSON.parse(Input)).toEqual(read(file));
    }
  });
});
