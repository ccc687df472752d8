import { beforeEach, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lambdas/common/core/durations.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { withNewSecret } from "../../../lambdas/common/core/webhooks/endpoint.ts";
import { MAX_ATTEMPTS } from "../../../lambdas/common/core/webhooks/retry-schedule.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const ended = aRun({ state: "completed", finished_at: isoTime(NOON), owner_id: "u1" });
const sealedByAnotherKey = [{ sealed: "of-another-key", created_at: isoTime(NOON), expires_at: null }];

let world: WebhookWorld;
let failed: number;
beforeEach(() => {
  world = new WebhookWorld();
  failed = 0;
  const { deliver } = world;
  world.deliver = async (messages) => {
    const count = await deliver.call(world, messages);
    failed += count;
    return count;
  };
});

const delivery = () => world.dynamo.items("webhooks").find(({ delivery_id }) => delivery_id);

it("costs attempts like any failure, sends nothing, and switches the endpoint off with its reason after a day", async () => {
  await world.endpoint({ secrets: sealedByAnotherKey });
  await world.runs(ended);
  await world.pass(2 * DAY_MS);
  expect([world.posts, failed]).toEqual([[], 0]);
  expect(delivery()).toMatchObject({ state: "failed", attempts: MAX_ATTEMPTS });
  expect(delivery()?.log).toContainEqual(expect.objectContaining({ status: null, error: "secret_unreadable" }));
  expect(await world.endpoints()).toMatchObject([{ state: "off", off_reason: "secret_unreadable" }]);
  expect(world.counted.filter((name) => name === "WebhooksSwitchedOff")).toHaveLength(1);
});

it("is repaired by a new secret within the day: what waits is delivered", async () => {
  const endpoint = await world.endpoint({ secrets: sealedByAnotherKey });
  await world.runs(ended);
  await world.pass(HOUR_MS);
  const sealed = await world.seal.seal({ userId: "u1", webhookId: endpoint.webhook_id }, "whsec_bmV3IG5ldyBuZXc=");
  await world.deps.endpoints.change("u1", ([one]) => (one ? [withNewSecret(one, sealed, 24, world.nowMs)] : []));
  await world.pass(6 * HOUR_MS);
  expect(delivery()).toMatchObject({ state: "delivered" });
  expect(await world.endpoints()).toMatchObject([{ state: "on", failing_since: null }]);
});

it("is no attempt while the key cannot be read for now: the message comes back", async () => {
  let isAway = true;
  world = new WebhookWorld(undefined, (deps) => ({
    ...deps,
    seal: {
      open: async (owner, sealed) => {
        if (isAway) throw new TransientError("throttled");
        return deps.seal.open(owner, sealed);
      },
    },
  }));
  await world.endpoint();
  await world.runs(ended);
  await world.pass(1_000);
  expect(delivery()).toMatchObject({ state: "pending", attempts: 0 });
  expect(world.waiting).toHaveLength(1);
  isAway = false;
  await world.pass(MINUTE_MS);
  expect(delivery()).toMatchObject({ state: "delivered", attempts: 1 });
});
