import { beforeEach, describe, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { DAY_MS, MINUTE_MS } from "../../../lambdas/common/core/durations.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const ended = (atMs = NOON) => aRun({ state: "completed", finished_at: isoTime(atMs), owner_id: "u1" });

describe("what an answer says of its endpoint", () => {
  /** Writes of endpoints that the table refuses for now. */
  let refusals = 0;
  let world: WebhookWorld;
  beforeEach(() => {
    refusals = 0;
    world = new WebhookWorld(undefined, (deps) => ({
      ...deps,
      endpoints: {
        list: (userId) => deps.endpoints.list(userId),
        subscribers: () => deps.endpoints.subscribers(),
        change: async (userId, change) => {
          if (refusals > 0) {
            refusals -= 1;
            throw new TransientError("the table is short of throughput");
          }
          return deps.endpoints.change(userId, change);
        },
      },
    }));
  });

  it("is not lost with 410 when it cannot be written at first: the endpoint is switched off", async () => {
    await world.endpoint();
    world.answer = () => ({ status: 410, error: null });
    refusals = 1;
    await world.runs(ended());
    await world.pass(10 * MINUTE_MS);
    expect(await world.endpoints()).toMatchObject([{ state: "off", off_reason: "gone" }]);
    expect(world.posts).toHaveLength(2);
  });

  it("is not lost with a success: one that is well again is not switched off by a failure days later", async () => {
    const endpoint = await world.endpoint();
    const answers = [500, 200, 200];
    world.answer = () => ({ status: answers.shift() ?? 500, error: null });
    await world.runs(ended());
    await world.pass(1_000);
    refusals = 1;
    await world.pass(2 * DAY_MS);
    // Sent once more under its id, because nobody could note that it was well.
    expect(world.sentTo(endpoint)).toHaveLength(3);
    expect(new Set(world.sentTo(endpoint).map(({ id }) => id)).size).toBe(1);
    const failedAtMs = world.nowMs;
    await world.runs(ended(failedAtMs));
    await world.pass(1_000);
    expect(await world.endpoints()).toMatchObject([{ state: "on", failing_since: isoTime(failedAtMs) }]);
  });
});
