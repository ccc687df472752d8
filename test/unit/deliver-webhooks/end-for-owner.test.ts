import { expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { HOUR_MS } from "../../../lambdas/common/core/durations.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const ended = (changes: Parameters<typeof aRun>[0] = {}) =>
  aRun({ state: "completed", finished_at: isoTime(NOON), owner_id: "u1", ...changes });

it("sends nothing more for a user who is gone, also of what waits, and switches all of their endpoints off", async () => {
  const world = new WebhookWorld();
  const endpoint = await world.endpoint();
  const second = await world.endpoint({ events: ["product.updated"] });
  const other = await world.endpoint({ webhook_id: "whk_000000000000000z", url: "https://other.example.com/" }, "u2");
  world.answer = () => ({ status: 500, error: null });
  await world.runs(ended());
  await world.pass(1_000);
  expect(world.sentTo(endpoint)).toHaveLength(1);
  world.gone.add("u1");
  await world.runs(ended({ owner_id: "u2", batch_id: "enrich_cat_2_1" }));
  await world.pass(HOUR_MS);
  expect(world.sentTo(endpoint)).toHaveLength(1);
  expect(world.sentTo(other).length).toBeGreaterThan(1);
  expect((await world.endpoints()).map(({ webhook_id, state, off_reason }) => [webhook_id, state, off_reason])).toEqual(
    [endpoint, second].map(({ webhook_id }) => [webhook_id, "off", "owner_gone"]),
  );
  // Nothing is made for them any more, so nothing is dropped either.
  const before = world.dynamo.items("webhooks").length;
  await world.runs(ended({ batch_id: "enrich_cat_3_1" }));
  expect(world.dynamo.items("webhooks")).toHaveLength(before);
});

it("sends when the user pool answers again, and ends nothing meanwhile", async () => {
  let isAway = true;
  const owners = {
    isPresent: async () => {
      if (isAway) throw new TransientError("Cognito is away");
      return true;
    },
  };
  const world = new WebhookWorld(undefined, (deps) => ({ ...deps, owners }));
  const endpoint = await world.endpoint();
  await world.runs(ended());
  await world.pass(1_000);
  expect([world.sentTo(endpoint).length, (await world.endpoints())[0]?.state]).toEqual([0, "on"]);
  isAway = false;
  await world.pass(HOUR_MS);
  expect(world.sentTo(endpoint)).toHaveLength(1);
});
