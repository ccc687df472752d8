import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { HOUR_MS } from "../../../lambdas/common/core/durations.ts";
import type { WebhookMessage } from "../../../lambdas/common/core/webhooks/webhook-message.ts";
import type { Deps } from "../../../lambdas/deliver-webhooks/deps.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const SEED = testSeed("webhooks under faults");

/** A fault that ends an invocation as if its process had died, after so many calls of what has an effect. */
class Died extends Error {}

/** What happens to the world while events go through it. */
const troubles = fc.record({
  /** Calls of tables, queue and endpoints after which a process dies, one after the other. */
  deaths: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }),
  /** For each message in turn: whether it is lost, or delivered twice. */
  messages: fc.array(fc.constantFrom("lost", "twice", "once"), { maxLength: 30 }),
  /** How endpoints answer in turn; then they are well. */
  answers: fc.array(fc.constantFrom(200, 500, 0), { maxLength: 8 }),
  ends: fc.integer({ min: 1, max: 4 }),
  /** How often the queue brings each end, at least. */
  repeats: fc.integer({ min: 1, max: 3 }),
});

/** Deps whose effects end in the death of their process: the effect is there, its answer is not. */
const mortal = (deaths: number[]) => {
  let calls = 0;
  const dying =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const result = await call(...args);
      calls += 1;
      if (deaths.length > 0 && calls >= (deaths[0] ?? 0)) {
        deaths.shift();
        calls = 0;
        throw new Died("the process died");
      }
      return result;
    };
  return (deps: Deps): Deps => {
    const { deliveries, queue, post, endpoints } = deps;
    return {
      ...deps,
      deliveries: {
        create: dying((delivery) => deliveries.create(delivery)),
        get: (key, nowMs) => deliveries.get(key, nowMs),
        begin: dying((...args) => deliveries.begin(...args)),
        settle: dying((...args) => deliveries.settle(...args)),
        postpone: dying((...args) => deliveries.postpone(...args)),
        due: (...args) => deliveries.due(...args),
      },
      endpoints: {
        list: (userId) => endpoints.list(userId),
        change: dying((userId, change) => endpoints.change(userId, change)),
        subscribers: () => endpoints.subscribers(),
      },
      queue: { send: dying((messages) => queue.send(messages)) },
      post: dying((sent) => post(sent)),
    };
  };
};

const completed = (n: number) => aRun({ state: "completed", finished_at: isoTime(NOON + n), owner_id: "u1" });

/** What Lambda does with a batch of a stream, and the schedule: again, until it goes through. */
const untilTaken = async (work: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }
};

describe("every event", () => {
  it("comes to each endpoint at least once and under one id, whatever dies, is lost or comes twice", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, async ({ deaths, messages, answers, ends, repeats }) => {
        const left = [...deaths];
        const world = new WebhookWorld(undefined, mortal(left));
        const endpoints = [];
        // Nothing dies before the events.
        const kept = left.splice(0);
        for (let n = 0; n < 2; n += 1) endpoints.push(await world.endpoint());
        left.push(...kept);
        const fates = [...messages];
        const replies = [...answers];
        world.loses = () => fates.shift() === "lost";
        world.answer = () => {
          const status = replies.shift() ?? 200;
          return status === 0 ? { status: null, error: "timeout" } : { status, error: null };
        };
        for (let n = 0; n < ends; n += 1) {
          for (let again = 0; again < repeats; again += 1) await world.runs(completed(n));
        }
        const twice: WebhookMessage[] = world.waiting.map(({ message }) => message);
        if (fates.includes("twice") && twice.length > 0)
          await untilTaken(() => world.deliver(twice).then(() => undefined));
        // Eight failures of one delivery wait for eleven hours, and each up to a quarter longer while its endpoint fails.
        await untilTaken(() => world.pass(20 * HOUR_MS));
        for (const endpoint of endpoints) {
          const sent = world.sentTo(endpoint);
          const byEvent = Map.groupBy(sent, ({ body }) => String(body.timestamp));
          expect(byEvent.size).toBe(ends);
          for (const same of byEvent.values()) expect(new Set(same.map(({ id }) => id)).size).toBe(1);
        }
        const rows = world.dynamo.items("webhooks").filter(({ delivery_id }) => delivery_id !== undefined);
        expect(rows).toHaveLength(2 * ends);
        expect(rows.map(({ state }) => state)).toEqual(rows.map(() => "delivered"));
      }),
      { seed: SEED, numRuns: testRuns(60) },
    );
  });

  it("of products names each product that was written, whatever dies", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 20 })), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 5 }),
        async (writes, deaths) => {
          const left: number[] = [];
          const world = new WebhookWorld(undefined, mortal(left));
          const endpoint = await world.endpoint({ events: ["product.updated"] });
          left.push(...deaths);
          const keyOf = (n: number): string => `www.amazon.com#B0${String(n).padStart(8, "0")}`;
          for (const [seconds, product] of writes) {
            await untilTaken(() => world.products(NOON + seconds * 1_000, keyOf(product)));
            await untilTaken(() => world.pass(2_000));
          }
          await untilTaken(() => world.pass(4 * HOUR_MS));
          const announced = world
            .sentTo(endpoint)
            .flatMap(({ body }) =>
              Object.entries((body.data as { asins: Record<string, string[]> }).asins).flatMap(([shop, asins]) =>
                asins.map((asin) => `${shop}#${asin}`),
              ),
            );
          expect(new Set(announced)).toEqual(new Set(writes.map(([, product]) => keyOf(product))));
        },
      ),
      { seed: SEED, numRuns: testRuns(30) },
    );
  });
});
