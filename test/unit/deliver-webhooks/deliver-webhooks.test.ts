import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lambdas/common/core/durations.ts";
import { withNewSecret } from "../../../lambdas/common/core/webhooks/endpoint.ts";
import { MAX_ATTEMPTS } from "../../../lambdas/common/core/webhooks/retry-schedule.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const ended = (changes: Parameters<typeof aRun>[0] = {}) =>
  aRun({ state: "completed", finished_at: isoTime(NOON), owner_id: "u1", ...changes });

describe("the end of a run", () => {
  let world: WebhookWorld;
  beforeEach(() => {
    world = new WebhookWorld();
  });

  it("is told to the endpoints of its user that want it, verified by the published library", async () => {
    const endpoint = await world.endpoint();
    const other = await world.endpoint({ webhook_id: "whk_000000000000000z", url: "https://other.example.com/" }, "u2");
    const deaf = await world.endpoint({ events: ["product.updated"] });
    await world.runs(ended({ failure_counts: { NOT_FOUND: 2, GONE: 0 } }));
    await world.pass(1_000);
    const [sent] = world.sentTo(endpoint);
    expect(sent?.body).toMatchObject({
      type: "catalog.completed",
      timestamp: isoTime(NOON),
      data: { state: "completed", failures: [{ error_code: "NOT_FOUND", count: 2 }] },
    });
    expect(world.sentTo(other)).toEqual([]);
    expect(world.sentTo(deaf)).toEqual([]);
    await world.runs(ended({ owner_id: "u2", batch_id: "enrich_cat_2_1" }));
    await world.pass(1_000);
    expect([world.sentTo(endpoint).length, world.sentTo(other).length]).toEqual([1, 1]);
    const [post] = world.posts;
    const secret = world.secrets.get(endpoint.webhook_id) ?? "";
    // The library knows the time of the machine only.
    const atNow = { ...post?.headers, "webhook-timestamp": "0" };
    expect(() => new Webhook(secret).verify(post?.body ?? "", atNow)).toThrow("too old");
    expect(new Webhook(secret).sign(sent?.id ?? "", new Date(NOON), post?.body ?? "")).toBe(
      post?.headers["webhook-signature"],
    );
  });

  it("is one delivery however often the stream tells it, and another one when the run ends again", async () => {
    const endpoint = await world.endpoint();
    await world.runs(ended(), ended());
    await world.runs(ended({ sequence: 99 }));
    await world.pass(MINUTE_MS);
    expect(world.sentTo(endpoint)).toHaveLength(1);
    await world.runs(ended({ finished_at: isoTime(NOON + HOUR_MS) }));
    await world.pass(MINUTE_MS);
    const ids = world.sentTo(endpoint).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toEqual(ids.toSorted());
  });

  it("is not told while the run is open", async () => {
    await world.endpoint();
    await world.runs(aRun({ state: "running", finished_at: null, owner_id: "u1" }));
    await world.pass(MINUTE_MS);
    expect(world.posts).toEqual([]);
  });

  it("is signed with both secrets while the old one holds, and then with the new one", async () => {
    const endpoint = await world.endpoint();
    const sealed = await world.seal.seal({ userId: "u1", webhookId: endpoint.webhook_id }, "whsec_bmV3IG5ldyBuZXc=");
    await world.deps.endpoints.change("u1", ([one]) => (one ? [withNewSecret(one, sealed, 24, world.nowMs)] : []));
    await world.runs(ended());
    await world.pass(1_000);
    await world.pass(DAY_MS);
    await world.runs(ended({ finished_at: isoTime(NOON + DAY_MS) }));
    await world.pass(1_000);
    const counts = world.posts.map(({ headers }) => headers["webhook-signature"]?.split(" ").length);
    expect(counts).toEqual([2, 1]);
    expect(world.logged.join()).not.toContain("whsec_");
  });
});

describe("an endpoint that fails", () => {
  it("gets all attempts of a delivery over a day with one webhook-id, and is then switched off with the reason", async () => {
    const world = new WebhookWorld();
    world.answer = () => ({ status: 503, error: null });
    const endpoint = await world.endpoint();
    await world.runs(ended());
    await world.pass(2 * DAY_MS);
    expect(world.posts).toHaveLength(MAX_ATTEMPTS);
    expect(new Set(world.sentTo(endpoint).map(({ id }) => id)).size).toBe(1);
    expect(new Set(world.posts.map(({ body }) => body)).size).toBe(1);
    const times = world.posts.map(({ atMs }) => atMs - NOON);
    expect(times.at(-1)).toBeGreaterThan(DAY_MS);
    expect(await world.endpoints()).toMatchObject([{ state: "off", off_reason: "failing" }]);
    expect(world.dynamo.items("webhooks").find(({ delivery_id }) => delivery_id)).toMatchObject({
      state: "failed",
      attempts: MAX_ATTEMPTS,
    });
    expect(world.counted).toContain("WebhooksSwitchedOff");
  });

  it("is well again with the first success, and delivers what piled up", async () => {
    const world = new WebhookWorld();
    let isWell = false;
    world.answer = () => (isWell ? { status: 200, error: null } : { status: null, error: "timeout" });
    const endpoint = await world.endpoint();
    for (const hour of [0, 1, 2]) {
      await world.runs(ended({ finished_at: isoTime(NOON + hour) }));
    }
    await world.pass(3 * MINUTE_MS);
    expect(await world.endpoints()).toMatchObject([{ failing_since: isoTime(NOON) }]);
    isWell = true;
    await world.pass(3 * HOUR_MS);
    expect(await world.endpoints()).toMatchObject([{ state: "on", failing_since: null }]);
    const states = world.dynamo.items("webhooks").flatMap(({ delivery_id, state }) => (delivery_id ? [state] : []));
    expect(states).toEqual(["delivered", "delivered", "delivered"]);
    expect(new Set(world.sentTo(endpoint).map(({ id }) => id)).size).toBe(3);
  });

  it("gets one attempt at a time, so that its time-outs hold up nobody else", async () => {
    const world = new WebhookWorld();
    world.answer = ({ url }) =>
      url === "https://r0.example.com/" ? { status: null, error: "timeout" } : { status: 200, error: null };
    const slow = await world.endpoint({ failing_since: isoTime(NOON - HOUR_MS) });
    const quick = await world.endpoint();
    for (let n = 0; n < 20; n += 1) await world.runs(ended({ finished_at: isoTime(NOON + n) }));
    await world.pass(10_000);
    expect(world.sentTo(quick)).toHaveLength(20);
    expect(world.sentTo(slow)).toHaveLength(1);
  });

  it("is switched off at once by 410, and its waiting deliveries are dropped", async () => {
    const world = new WebhookWorld();
    const endpoint = await world.endpoint();
    world.answer = () => ({ status: 500, error: null });
    await world.runs(ended());
    await world.pass(1_000);
    world.answer = () => ({ status: 410, error: null });
    await world.runs(ended({ finished_at: isoTime(NOON + 1) }));
    await world.pass(HOUR_MS);
    expect(await world.endpoints()).toMatchObject([{ state: "off", off_reason: "gone" }]);
    const states = world.dynamo.items("webhooks").flatMap(({ delivery_id, state }) => (delivery_id ? [state] : []));
    expect(states.toSorted()).toEqual(["dropped", "failed"]);
    const before = world.posts.length;
    await world.runs(ended({ finished_at: isoTime(NOON + 2) }));
    await world.pass(DAY_MS);
    expect(world.posts.length).toBe(before);
    expect(world.sentTo(endpoint)).toHaveLength(before);
  });
});

it("a person whose row of endpoints is deleted gets nothing more, and what waits is dropped", async () => {
  const world = new WebhookWorld();
  await world.endpoint({ events: ["catalog.completed", "product.updated"] });
  await world.endpoint({ events: ["product.updated"] }, "u2");
  await world.runs(ended());
  // As docs/webhooks.md says.
  const Key = { webhook_key: "user#u1", entry_key: "endpoints" };
  await world.dynamo.client().send(new DeleteCommand({ TableName: "webhooks", Key }));
  await world.products(NOON, "www.amazon.com#B000000001");
  await world.pass(HOUR_MS);
  expect(world.posts.map(({ url }) => url)).toEqual(["https://r1.example.com/"]);
  const states = world.dynamo.items("webhooks").flatMap(({ delivery_id, state }) => (delivery_id ? [state] : []));
  expect(states.toSorted()).toEqual(["delivered", "dropped"]);
});

describe("a group of failures", () => {
  it("is told once, when ten products of a run failed for one reason", async () => {
    const world = new WebhookWorld();
    const endpoint = await world.endpoint({ events: ["failure_group.opened"] });
    const running = (count: number) =>
      aRun({
        ...{ state: "running", finished_at: null, owner_id: "u1" },
        failure_counts: { NOT_FOUND: count, OTHER: 1 },
        failure_groups: { "NOT_FOUND.sp-api": count, "OTHER.keepa": 1 },
      });
    await world.runs(running(9));
    await world.pass(1_000);
    expect(world.posts).toEqual([]);
    await world.runs(running(10));
    await world.pass(HOUR_MS);
    await world.runs(running(20));
    // Another instance remembers nothing.
    const second = new WebhookWorld(undefined, () => world.deps);
    await second.runs(running(30));
    await world.pass(HOUR_MS);
    expect(world.sentTo(endpoint).map(({ body }) => body)).toEqual([
      {
        type: "failure_group.opened",
        timestamp: isoTime(NOON + 1_000),
        data: expect.objectContaining({ group_id: "NOT_FOUND.sp-api", error_code: "NOT_FOUND", count: 10 }),
      },
    ]);
  });
});

describe("products that were fetched again", () => {
  const US = "www.amazon.com#B000000001";
  const DE = "www.amazon.de#B000000002";

  it("are told together, by ASIN and shop and nothing else, to every endpoint that wants them", async () => {
    const world = new WebhookWorld();
    const one = await world.endpoint({ events: ["product.updated"] });
    const two = await world.endpoint({ events: ["product.updated"] }, "u2");
    await world.products(NOON, US, US, `${US.slice(0, -1)}3`);
    await world.products(NOON + 1_000, DE);
    await world.pass(MINUTE_MS);
    for (const endpoint of [one, two]) {
      expect(world.sentTo(endpoint).map(({ body }) => body)).toEqual([
        {
          type: "product.updated",
          timestamp: isoTime(NOON),
          data: {
            asins: { "www.amazon.com": ["B000000001", "B000000003"], "www.amazon.de": ["B000000002"] },
            read_at: "/products/{asin}?marketplace={marketplace}",
          },
        },
      ]);
    }
  });

  it("cost no write while nobody wants them", async () => {
    const world = new WebhookWorld();
    await world.endpoint();
    await world.products(NOON, US);
    expect([world.waiting, world.dynamo.items("webhooks")]).toEqual([[], [expect.anything()]]);
  });

  it("are told in a later window when theirs was closed without them, and not twice when it was not", async () => {
    const world = new WebhookWorld();
    const endpoint = await world.endpoint({ events: ["product.updated"] });
    await world.products(NOON, US);
    await world.pass(MINUTE_MS);
    await world.products(NOON, US, DE);
    await world.pass(MINUTE_MS);
    expect(world.sentTo(endpoint).map(({ body }) => (body.data as { asins: unknown }).asins)).toEqual([
      { "www.amazon.com": ["B000000001"] },
      { "www.amazon.de": ["B000000002"] },
    ]);
  });

  it.each([
    ["a well endpoint", null],
    ["an endpoint that recovers", isoTime(NOON - MINUTE_MS)],
  ])("come to %s once a second at most, also after a backlog", async (_, failing_since) => {
    const world = new WebhookWorld();
    const endpoint = await world.endpoint({ events: ["product.updated"], failing_since });
    world.batchSize = 1;
    for (let n = 0; n < 12; n += 1) await world.products(NOON - n * 10_000, US);
    await world.pass(5 * MINUTE_MS);
    const times = world.posts.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
    expect(times).toHaveLength(12);
    expect(new Set(world.sentTo(endpoint).map(({ id }) => id)).size).toBe(12);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });
});
