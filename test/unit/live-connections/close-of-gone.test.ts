import { expect, it } from "vitest";
import { CATALOG, LiveWorld } from "../../helpers/worlds/live-world.ts";

const subscribe = { action: "subscribe_to_catalog", catalog_id: CATALOG };
/** Those of connections and of what they listen to, and the count. That a channel is listened to says nothing of whom. */
const rowsOf = (world: LiveWorld): unknown[] =>
  world.dynamo.items("live").flatMap(({ channel }) => (String(channel).startsWith("listened") ? [] : [channel]));

it("the schedule closes what a removed user listens to, and nobody else's", async () => {
  const world = new LiveWorld();
  await world.putRun();
  await world.connectAs("user-1", "c1");
  await world.say("c1", subscribe);
  await world.connectAs("user-2", "c2");
  await world.connect("c3");
  await world.serve({});
  expect([...world.open]).toEqual(["c1", "c2", "c3"]);
  world.gone.add("user-1");
  await world.serve({});
  expect([...world.open]).toEqual(["c2", "c3"]);
  expect(rowsOf(world).sort()).toEqual(["connection#c2", "connection#c3", "stats"]);
});

it("a message of a removed user closes its connection, and their ticket opens none", async () => {
  const world = new LiveWorld();
  await world.putRun();
  const { ticket } = await world.tickets.issue("user-1", world.nowMs);
  await world.connectAs("user-1", "c1");
  world.gone.add("user-1");
  await world.say("c1", subscribe);
  expect([world.open.size, world.sentTo("c1")]).toEqual([0, []]);
  expect((await world.connect("c2", { ticket })).statusCode).toBe(403);
  expect(rowsOf(world)).toEqual([]);
});

it("counts all the same where a connection cannot be closed, and closes it a minute later", async () => {
  const world = new LiveWorld();
  await world.connectAs("user-1", "c1");
  world.gone.add("user-1");
  world.fault = (_, call) => (call === "disconnect" ? "lost" : "none");
  expect((await world.serve({})).statusCode).toBe(200);
  expect(world.logged.join()).toContain("could not be closed");
  world.fault = () => "none";
  await world.serve({});
  expect(rowsOf(world)).toEqual(["stats"]);
});
