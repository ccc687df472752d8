import fc from "fast-check";
import { expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../../../lambdas/common/core/durations.ts";
import { PRODUCTS_PACE_MS } from "../../../lambdas/common/core/webhooks/product-window.ts";
import { attemptOf } from "../../../lambdas/common/services/webhooks/announce.ts";
import { NOON } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const SEED = testSeed("the pace of products");

const lives = fc.record({
  /** Whether the endpoint fails already. */
  isFailing: fc.boolean(),
  windows: fc.integer({ min: 1, max: 8 }),
  /** How the endpoint answers in turn; then it is well. */
  answers: fc.array(fc.boolean(), { maxLength: 6 }),
  /** After so many seconds somebody sends again by hand what was sent so far. */
  resentAt: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
});

/** What `POST /webhooks/{id}/deliveries/{delivery_id}/resend` does, for each delivery that there is. */
const resendAll = async ({ deliveries, dynamo, nowMs, waiting }: WebhookWorld): Promise<void> => {
  for (const { webhook_id, delivery_id } of dynamo.items("webhooks")) {
    if (typeof delivery_id !== "string" || typeof webhook_id !== "string") continue;
    const seen = await deliveries.get({ webhook_id, delivery_id }, nowMs);
    if (!seen) continue;
    const open = seen.state === "pending" ? seen : await deliveries.reopen(seen, nowMs);
    if (open) waiting.push({ message: { ...attemptOf(open), by_hand: true }, atMs: nowMs });
  }
};

it("products come to an endpoint once a second at most, whether it is well, fails or recovers, and also by hand", async () => {
  await fc.assert(
    fc.asyncProperty(lives, async ({ isFailing, windows, answers, resentAt }) => {
      const world = new WebhookWorld();
      world.batchSize = 1;
      const replies = [...answers];
      world.answer = () => ({ status: (replies.shift() ?? true) ? 200 : 503, error: null });
      const failing_since = isFailing ? isoTime(NOON - MINUTE_MS) : null;
      await world.endpoint({ events: ["product.updated"], failing_since });
      for (let n = 0; n < windows; n += 1) await world.products(NOON - n * 10_000, "www.amazon.com#B000000001");
      for (const second of resentAt.toSorted((one, other) => one - other)) {
        await world.pass(Math.max(0, NOON + second * 1_000 - world.nowMs));
        await resendAll(world);
      }
      await world.pass(6 * HOUR_MS);
      const times = world.posts.map(({ atMs }) => atMs);
      for (const [place, at] of times.slice(1).entries()) {
        expect(at - (times[place] ?? 0)).toBeGreaterThanOrEqual(PRODUCTS_PACE_MS);
      }
      const rows = world.dynamo.items("webhooks").filter(({ delivery_id }) => delivery_id !== undefined);
      expect(rows.map(({ state }) => state)).toEqual(Array.from({ length: windows }, () => "delivered"));
    }),
    {
      ...{ seed: SEED, numRuns: testRuns(40) },
      examples: [[{ isFailing: true, windows: 6, answers: [], resentAt: [] }]],
    },
  );
});
