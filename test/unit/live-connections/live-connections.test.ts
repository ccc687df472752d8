import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { MAX_SUBSCRIPTIONS } from "../../../lambdas/common/core/live/live-limits.ts";
import { CATALOG, LiveWorld } from "../../helpers/worlds/live-world.ts";

const subscribe = { action: "subscribe_to_catalog", catalog_id: CATALOG };
/** Those of connections and of what they listen to. */
const rowsOf = (world: LiveWorld): unknown[] =>
  world.dynamo.items("live").flatMap(({ channel }) => (String(channel).startsWith("listened") ? [] : [channel]));

describe("opening a connection", () => {
  it("needs no ticket for sellers, and refuses pages of other origins", async () => {
    const world = new LiveWorld();
    expect((await world.connect("c1")).statusCode).toBe(200);
    expect((await world.connect("c2", {}, "https://evil.example")).statusCode).toBe(403);
    expect(rowsOf(world)).toEqual(["connection#c1"]);
  });

  it("takes a ticket once, also when it is tried many times at once, and not after a minute", async () => {
    const world = new LiveWorld(async () => Promise.resolve());
    const { ticket } = await world.tickets.issue("user-1", world.nowMs);
    const tries = await Promise.all([1, 2, 3].map((n) => world.connect(`c${n}`, { ticket })));
    expect(tries.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403, 403]);
    const late = await world.tickets.issue("user-1", world.nowMs);
    world.nowMs += 60_000;
    expect((await world.connect("c4", { ticket: late.ticket })).statusCode).toBe(403);
    expect((await world.connect("c5", { ticket: "made up" })).statusCode).toBe(403);
  });

  it("neither stores nor logs a ticket", async () => {
    const world = new LiveWorld();
    const { ticket } = await world.tickets.issue("user-1", world.nowMs);
    expect(JSON.stringify(world.dynamo.items("operations"))).not.toContain(ticket);
    await world.connect("c1", { ticket });
    await world.connect("c2", { ticket });
    expect(world.logged.length).toBeGreaterThan(0);
    expect(world.logged.join()).not.toContain(ticket);
  });
});

describe("messages", () => {
  it("are answered after `connected`, which comes once", async () => {
    const world = new LiveWorld();
    await world.connect("c1");
    await world.say("c1", { action: "ping" });
    await world.say("c1", { action: "subscribe_to_seller", seller_handle: "@tea" });
    await world.say("c1", { action: "unsubscribe_from_seller", seller_handle: "@tea" });
    expect(world.sentTo("c1").map(({ type }) => type)).toEqual(["connected", "pong", "subscribed", "unsubscribed"]);
    expect(rowsOf(world)).toEqual(["connection#c1"]);
  });

  it.each([
    ["invalid_json", "nonsense"],
    ["invalid_message", { action: "dance" }],
    ["invalid_message", { action: "ping", more: 1 }],
    ["invalid_message", { action: "subscribe_to_seller", seller_handle: "a b" }],
    ["message_too_large", { action: "ping", more: "x".repeat(5_000) }],
    ["ticket_required", subscribe],
  ])("that are wrong are answered with %s and close nothing", async (code, message) => {
    const world = new LiveWorld();
    await world.connect("c1");
    await world.say("c1", message);
    expect(world.sentTo("c1").at(-1)).toMatchObject({ type: "error", code, message: expect.stringMatching(/./) });
    expect([...world.open]).toEqual(["c1"]);
    expect(world.counted).toEqual([]);
  });

  it("may ask for so many channels and no more", async () => {
    const world = new LiveWorld();
    await world.connect("c1");
    for (let n = 0; n <= MAX_SUBSCRIPTIONS; n += 1) {
      await world.say("c1", { action: "subscribe_to_seller", seller_handle: `seller${n}` });
    }
    expect(world.sentTo("c1").at(-1)).toMatchObject({ code: "too_many_subscriptions" });
    await world.say("c1", { action: "subscribe_to_seller", seller_handle: "seller0" });
    expect(world.sentTo("c1").at(-1)).toMatchObject({ type: "subscribed" });
    expect(rowsOf(world)).toHaveLength(1 + MAX_SUBSCRIPTIONS);
    await world.say("c1", { action: "unsubscribe_from_seller", seller_handle: "seller0" });
    await world.say("c1", { action: "subscribe_to_seller", seller_handle: "one-more" });
    expect(world.sentTo("c1").at(-1)).toMatchObject({ type: "subscribed", seller_handle: "one-more" });
  });

  it("of a connection whose time is over are answered by a close, so that its client connects again", async () => {
    const world = new LiveWorld();
    await world.connect("c1");
    world.nowMs += 2 * 3_600_000;
    await world.say("c1", { action: "ping" });
    expect(world.sentTo("c1")).toMatchObject([{ type: "error", code: "connection_expired" }]);
    expect(world.open.size).toBe(0);
    expect(rowsOf(world)).toEqual([]);
  });
});

describe("a catalog's channel", () => {
  it("begins with a snapshot", async () => {
    const world = new LiveWorld();
    await world.putRun({ sequence: 7, pending: 1, enriched: 2, state: "running" });
    await world.connectAs("user-1", "c1");
    await world.say("c1", subscribe);
    expect(world.sentTo("c1").slice(1)).toMatchObject([
      { type: "subscribed", catalog_id: CATALOG },
      { type: "catalog_progress", sequence: 7, counts: { pending: 1, enriched: 2 }, state: "running" },
    ]);
  });

  it("is subscribed to by five calls of tables and three messages, the next one by four, after the two calls that opened each", async () => {
    let calls = 0;
    const world = new LiveWorld(async () => {
      calls += 1;
    });
    await world.putRun();
    const { ticket } = await world.tickets.issue("user-1", world.nowMs);
    calls = 0;
    await world.connect("c1", { ticket });
    expect(calls).toBe(2);
    await world.say("c1", subscribe);
    expect([calls, world.sentTo("c1").length]).toEqual([7, 3]);
    await world.leave("c1", true);
    expect(calls).toBe(9);
    const { ticket: next } = await world.tickets.issue("user-1", world.nowMs);
    calls = 0;
    await world.connect("c2", { ticket: next });
    await world.say("c2", subscribe);
    expect(calls).toBe(6);
  });

  it("begins with the newest run, also one that begins while it is subscribed to", async () => {
    let world: LiveWorld;
    let begins = false;
    world = new LiveWorld(async () => {
      if (!begins) return;
      begins = false;
      await world.putRun({ batch_id: `enrich_${CATALOG}_2`, sequence: 3 });
    });
    await world.putRun({ sequence: 9 });
    await world.connectAs("user-1", "c1");
    world.onArrival = (_, { type }) => {
      // What is read next is the snapshot.
      begins = type === "subscribed";
    };
    await world.say("c1", subscribe);
    expect(world.sentTo("c1").at(-1)).toMatchObject({ tracking_id: `enrich_${CATALOG}_2`, sequence: 3 });
  });

  it("does not exist for anybody but its owner", async () => {
    const world = new LiveWorld();
    await world.putRun();
    await world.connectAs("user-2", "c1");
    await world.say("c1", subscribe);
    const other = { ...subscribe, catalog_id: "cat_0000000000000002" };
    await world.say("c1", other);
    const [, mine, none] = world.sentTo("c1");
    expect(mine).toMatchObject({ type: "error", code: "not_found" });
    expect(JSON.stringify(mine).replaceAll(CATALOG, other.catalog_id)).toBe(JSON.stringify(none));
    expect(world.dynamo.items("live")).toMatchObject([{ channel: "connection#c1", subscriptions: {} }]);
  });
});

it("closing forgets the connection and all that it listened to, and may be reported twice", async () => {
  const world = new LiveWorld();
  await world.connect("c1");
  await world.say("c1", { action: "subscribe_to_seller", seller_handle: "@tea" });
  await world.leave("c1", true);
  await world.leave("c1", true);
  expect(rowsOf(world)).toEqual([]);
});

it("the schedule counts who listens to what; rows whose time is over do not count", async () => {
  const world = new LiveWorld();
  await world.connect("old");
  await world.say("old", { action: "subscribe_to_seller", seller_handle: "@tea" });
  world.nowMs += 2 * 3_600_000;
  for (const [id, seller] of [
    ["c1", "@tea"],
    ["c2", "@tea"],
    ["c3", "@milk"],
  ] as const) {
    await world.connect(id);
    await world.say(id, { action: "subscribe_to_seller", seller_handle: seller });
  }
  expect(world.counted).not.toContain("ScheduledCalls");
  await world.serve({});
  expect(world.counted.filter((name) => name === "ScheduledCalls")).toHaveLength(1);
  expect(world.dynamo.items("live").find(({ channel }) => channel === "stats")).toMatchObject({
    connections: 3,
    subscriptions: 3,
    by_seller: { "@tea": 2, "@milk": 1 },
  });
});

it("a listener that no row tells of, as of an earlier version, hears what comes before and after the schedule sees it", async () => {
  const world = new LiveWorld();
  await world.putRun();
  await world.connectAs("user-1", "c1");
  await world.say("c1", subscribe);
  const noted = () => world.dynamo.items("live").filter(({ channel }) => String(channel).startsWith("listened#"));
  for (const { channel, connection_id } of noted()) {
    await world.dynamo.client().send(new DeleteCommand({ TableName: "live", Key: { channel, connection_id } }));
  }
  for (const sequence of [8, 9, 10]) {
    await world.broadcast(0, [await world.putRun({ sequence })]);
    expect(world.sentTo("c1").at(-1)).toMatchObject({ type: "catalog_progress", sequence });
    await world.serve({});
    expect(noted()).toHaveLength(1);
    world.nowMs += 90_000;
  }
});
