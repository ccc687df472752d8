import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { isoTime } from "../../../../lambdas/common/core/clock.ts";
import { pageOf } from "../../../../lambdas/common/core/contract/page.ts";
import { WebhookDeliverySchema } from "../../../../lambdas/common/core/contract/webhooks/deliveries.ts";
import {
  CreatedWebhookSchema,
  NewSecretSchema,
  WebhookListSchema,
} from "../../../../lambdas/common/core/contract/webhooks/webhooks.ts";
import { HOUR_MS, MINUTE_MS } from "../../../../lambdas/common/core/durations.ts";
import { ConflictError } from "../../../../lambdas/common/core/errors.ts";
import { createApp } from "../../../../lambdas/operations-api/app.ts";
import { person, withKey } from "../../../helpers/access/callers.ts";
import { testCursors } from "../../../helpers/cursors.ts";
import { aRun, NOON } from "../../../helpers/rows.ts";
import { WebhookWorld } from "../../../helpers/worlds/webhook-world.ts";
import { fakeOperationsDeps } from "../fake-deps.ts";

/*
 * The routes on the table of `deliver-webhooks` in memory, which works off what they send.
 */

const anna = person("anna");
const ben = person("ben", "operators");
const URL = "https://anna.example.com/hooks";
const COMPLETED = { url: URL, events: ["catalog.completed"] };

let world: WebhookWorld;
let logged: string[];
let allowed: readonly string[];
let isOff: boolean;

const note = (...line: unknown[]): void => void logged.push(JSON.stringify(line));

/** One for all tests, each with a world of its own: making the app takes longer than a test. */
const app = createApp({
  ...fakeOperationsDeps(),
  clock: { now: () => world.nowMs, sleep: async () => undefined },
  newId: () => world.deps.newId().replace("id", "").padStart(16, "0"),
  logger: { info: note, warn: note, error: note },
  cursors: testCursors(),
  webhooks: {
    endpoints: {
      list: (userId) => world.deps.endpoints.list(userId),
      change: (userId, change) => world.deps.endpoints.change(userId, change),
    },
    deliveries: {
      create: (delivery) => world.deliveries.create(delivery),
      get: (...args) => world.deliveries.get(...args),
      list: (...args) => world.deliveries.list(...args),
      reopen: (...args) => world.deliveries.reopen(...args),
    },
    queue: { send: (messages) => world.deps.queue.send(messages) },
    seal: { seal: (...args) => world.seal.seal(...args) },
    get allowed() {
      return allowed;
    },
    require: () => {
      if (isOff) throw new ConflictError("off", "webhooks_off");
    },
  },
});

const call = async (method: string, path: string, body?: unknown, env: object = anna) => {
  const init = {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  };
  const response = await app.request(`/api/v1/webhooks${path}`, init, env);
  const answer: unknown = await response.json();
  return { status: response.status, headers: response.headers, body: answer };
};
const ProblemSchema = z.looseObject({ code: z.string(), detail: z.string(), errors: z.array(z.unknown()).optional() });
const refused = async (method: string, path: string, body?: unknown, env?: object) => {
  const answer = await call(method, path, body, env);
  return { ...answer, body: ProblemSchema.parse(answer.body) };
};
const make = async (body: unknown = COMPLETED, env?: object) => {
  const answer = await call("POST", "", body, env);
  expect(answer.status).toBe(201);
  return CreatedWebhookSchema.parse(answer.body);
};
const list = async (env?: object) => WebhookListSchema.parse((await call("GET", "", undefined, env)).body).items;
const deliveries = async (id: string, query = "") =>
  pageOf(WebhookDeliverySchema).parse((await call("GET", `/${id}/deliveries${query}`)).body);
const finish = (n = 0) => aRun({ state: "completed", finished_at: isoTime(NOON + n), owner_id: "anna" });

beforeEach(() => {
  world = new WebhookWorld();
  logged = [];
  allowed = [];
  isOff = false;
});

describe("an endpoint that is made", () => {
  it("shows its secret once and nowhere else: not in the list, the table or the log", async () => {
    const answer = await call("POST", "", COMPLETED);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { secret, ...made } = CreatedWebhookSchema.parse(answer.body);
    expect(secret).toMatch(/^whsec_/);
    expect(made).toMatchObject({ url: URL, state: "on", off_reason: null, previous_secret_until: null });
    expect(await list()).toEqual([made]);
    for (const place of [await list(), world.dynamo.items("webhooks"), logged]) {
      expect(JSON.stringify(place)).not.toContain(secret.slice("whsec_".length));
    }
  });

  it("is refused as the eleventh, and nothing changes", async () => {
    for (let n = 0; n < 10; n += 1) await make({ ...COMPLETED, url: `${URL}/${n}` });
    expect(await refused("POST", "", COMPLETED)).toMatchObject({ status: 409, body: { code: "too_many_webhooks" } });
    expect(await list()).toHaveLength(10);
    // Others have their own ten.
    await make(COMPLETED, ben);
  });

  it("is refused where another has its address, which names that one", async () => {
    const { webhook_id } = await make();
    const { status, body } = await refused("POST", "", { url: URL, events: ["product.updated"] });
    expect([status, body.code]).toEqual([409, "webhook_exists"]);
    expect(body.detail).toContain(webhook_id);
    expect(await list()).toHaveLength(1);
  });

  it.each([
    ["without TLS", "http://anna.example.com/hooks"],
    ["at a private address", "https://10.1.2.3/hooks"],
    ["at the loopback address", "https://127.0.0.1/hooks"],
    ["at the address of instance metadata", "https://169.254.169.254/latest"],
    ["at a private address of IPv6", "https://[fd00::1]/hooks"],
    ["with a password", "https://anna:secret@anna.example.com/"],
    ["at a port of another service", "https://anna.example.com:25/"],
    ["that is none", "hooks"],
  ])("is refused %s, naming the field", async (_, url) => {
    const { status, body } = await refused("POST", "", { ...COMPLETED, url });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: "url" }]);
    expect(await list()).toEqual([]);
  });

  it("may have an address without TLS that the stage allows, and no other", async () => {
    allowed = ["127.0.0.1"];
    await make({ ...COMPLETED, url: "http://127.0.0.1:3000/" });
    expect((await refused("POST", "", { ...COMPLETED, url: "http://127.0.0.2:3000/" })).status).toBe(400);
  });

  it("is refused where the stage has none, and to keys", async () => {
    isOff = true;
    expect(await refused("POST", "", COMPLETED)).toMatchObject({ status: 409, body: { code: "webhooks_off" } });
    isOff = false;
    expect((await refused("POST", "", COMPLETED, withKey("anna", ["read", "upload"]))).status).toBe(403);
    expect(await list()).toEqual([]);
  });
});

describe("an endpoint", () => {
  it("is its user's: to all others every route answers that there is none", async () => {
    const { webhook_id } = await make();
    await world.runs(finish());
    const [delivery] = (await deliveries(webhook_id)).items;
    const routes = [
      ["PATCH", "", { state: "off" }],
      ["DELETE", ""],
      ["POST", "/secret", {}],
      ["POST", "/test"],
      ["GET", "/deliveries"],
      ["POST", `/deliveries/${delivery?.delivery_id}/resend`],
    ] as const;
    for (const [method, path, body] of routes) {
      const { status, body: problem } = await refused(method, `/${webhook_id}${path}`, body, ben);
      expect([method, path, status, problem.code]).toEqual([method, path, 404, "not_found"]);
    }
    expect(await list(ben)).toEqual([]);
    expect((await list())[0]).toMatchObject({ webhook_id, state: "on" });
  });

  it("is changed by PATCH in what it names, and by no address of another or a private one", async () => {
    const { webhook_id: id, secret: _, ...made } = await make();
    await make({ ...COMPLETED, url: `${URL}/2` });
    world.nowMs += MINUTE_MS;
    const events = ["failure_group.opened", "failure_group.opened"];
    const changed = await call("PATCH", `/${id}`, { events, state: "off" });
    expect(changed).toMatchObject({ status: 200, body: { events: ["failure_group.opened"], off_reason: "by_user" } });
    expect(await call("PATCH", `/${id}`, { state: "on" })).toMatchObject({ body: { state: "on", off_at: null } });
    expect((await refused("PATCH", `/${id}`, { url: `${URL}/2` })).body.code).toBe("webhook_exists");
    expect((await refused("PATCH", `/${id}`, { url: "https://192.168.0.1/" })).status).toBe(400);
    expect((await refused("PATCH", `/${id}`, { secret: "mine" })).status).toBe(400);
    const [now] = await list();
    expect(now).toMatchObject({ url: made.url, created_at: made.created_at, updated_at: isoTime(NOON + MINUTE_MS) });
  });

  it("is gone once it is removed, and gets nothing more", async () => {
    const { webhook_id } = await make();
    expect((await call("DELETE", `/${webhook_id}`)).status).toBe(200);
    expect((await refused("DELETE", `/${webhook_id}`)).status).toBe(404);
    await world.runs(finish());
    await world.pass(HOUR_MS);
    expect([await list(), world.posts]).toEqual([[], []]);
  });

  it("signs with two secrets after a rotation, for as long as was asked, and shows the new one once", async () => {
    const { webhook_id: id, secret } = await make();
    const answer = await call("POST", `/${id}/secret`, { overlap_hours: 2 });
    const made = NewSecretSchema.parse(answer.body);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([201, "no-store"]);
    expect(made.secret).not.toBe(secret);
    expect(made.previous_secret_until).toBe(isoTime(NOON + 2 * HOUR_MS));
    await world.runs(finish(1));
    await world.pass(2 * HOUR_MS);
    expect((await list())[0]?.previous_secret_until).toBeNull();
    await world.runs(finish(2));
    await world.pass(1_000);
    expect(world.posts.map(({ headers }) => headers["webhook-signature"]?.split(" ").length)).toEqual([2, 1]);
    expect(JSON.stringify([await list(), logged, world.dynamo.items("webhooks")])).not.toContain(made.secret.slice(6));
  });
});

describe("deliveries", () => {
  it("show what was sent, how often and how it was answered, by state and page by page", async () => {
    const { webhook_id: id } = await make();
    world.answer = ({ body }) => ({ status: body.includes(isoTime(NOON + 1)) ? 500 : 204, error: null });
    for (let n = 0; n < 3; n += 1) await world.runs(finish(n));
    await world.pass(1_000);
    const first = await deliveries(id, "?limit=2");
    const rest = await deliveries(id, `?limit=2&cursor=${first.next_cursor}`);
    const all = [...first.items, ...rest.items];
    expect(all.map(({ payload }) => payload.timestamp)).toEqual([2, 1, 0].map((n) => isoTime(NOON + n)));
    expect(all[1]).toMatchObject({ state: "pending", attempts: 1, log: [{ attempt: 1, status: 500, error: null }] });
    expect((await deliveries(id, "?state=pending")).items).toEqual([all[1]]);
    expect((await call("GET", `/${id}/deliveries?cursor=x`)).status).toBe(400);
  });

  it("are sent again by hand under their webhook-id, one that was delivered too", async () => {
    const { webhook_id: id } = await make();
    await world.runs(finish());
    await world.pass(1_000);
    const [delivery] = (await deliveries(id)).items;
    const again = await call("POST", `/${id}/deliveries/${delivery?.delivery_id}/resend`);
    expect(again).toMatchObject({ status: 202, body: { state: "pending", delivery_id: delivery?.delivery_id } });
    await world.pass(1_000);
    expect(new Set(world.posts.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(world.posts).toHaveLength(2);
    expect((await deliveries(id)).items).toMatchObject([{ state: "delivered", attempts: 2 }]);
  });

  it("are sent again at once to an endpoint that fails, because somebody waits for it", async () => {
    const { webhook_id: id } = await make();
    world.answer = () => ({ status: 500, error: null });
    await world.runs(finish());
    await world.runs(finish(1));
    await world.pass(1_000);
    // By now one of them has had the only attempt that a failing endpoint gets for a while.
    await world.pass(5_000);
    const [waiting] = (await deliveries(id)).items;
    world.answer = () => ({ status: 204, error: null });
    await call("POST", `/${id}/deliveries/${waiting?.delivery_id}/resend`);
    const before = world.posts.length;
    await world.pass(1);
    expect(world.posts.slice(before).map(({ headers }) => headers["webhook-id"])).toEqual([waiting?.delivery_id]);
  });

  it("cannot be sent again that are not there, nor by an endpoint that is off", async () => {
    const { webhook_id: id } = await make();
    const unknown = `/${id}/deliveries/msg_${"0".repeat(26)}/resend`;
    expect((await refused("POST", unknown)).status).toBe(404);
    await call("PATCH", `/${id}`, { state: "off" });
    for (const path of [unknown, `/${id}/test`]) {
      expect(await refused("POST", path)).toMatchObject({ status: 409, body: { code: "webhook_off" } });
    }
  });

  it("of a test are sent at once, each as a message of its own", async () => {
    const { webhook_id: id } = await make();
    for (const _ of [1, 2]) expect((await call("POST", `/${id}/test`)).status).toBe(202);
    await world.pass(1_000);
    expect(world.posts.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "webhook.test", data: { webhook_id: id } },
      { type: "webhook.test", data: { webhook_id: id } },
    ]);
    expect(new Set(world.posts.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    expect((await deliveries(id, "?state=delivered")).items).toHaveLength(2);
  });
});
