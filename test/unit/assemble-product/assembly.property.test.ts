import fc from "fast-check";
import { expect, it } from "vitest";
import type { RawRecord } from "../../../lambdas/common/platform/sqs/queue-record.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { captionBody, type Death, ShopWorld, shopRecord, thumbnailsBody } from "../../helpers/worlds/shop-world.ts";

const SEED = testSeed("shop line");
const HOUR_MS = 3_600_000;
const VIDEOS = ["v1", "v2", "v3"] as const;

/** Deliveries of each half of each video, some with other content; none: the half never comes. */
const halves = fc.array(
  fc.record({
    video: fc.constantFrom(...VIDEOS),
    half: fc.constantFrom("caption", "thumbnails"),
    /** Round in which it comes; rounds are hours apart. */
    round: fc.nat({ max: 3 }),
    variant: fc.constantFrom(0, 0, 1),
  }),
  { minLength: 1, maxLength: 10 },
);
const death = fc.option(
  fc.record({ step: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom("before" as const, "after" as const) }),
  { nil: undefined },
);
const plan = fc.record({
  events: halves,
  /** Hours before each round; 4 × 30 stay below the seven days that halves are kept. */
  pauses: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 4 }),
  deaths: fc.array(death, { maxLength: 12 }),
  sweepDeaths: fc.array(death, { maxLength: 4 }),
  /** How many messages a worker takes at once. */
  batch: fc.integer({ min: 1, max: 6 }),
  order: fc.infiniteStream(fc.nat({ max: 1_000 })),
  scheduler: fc.scheduler(),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

const bodyOf = ({ video, half, variant }: Plan["events"][number]): string =>
  half === "caption"
    ? captionBody(video, { title: `Title ${variant}` })
    : thumbnailsBody(video, { primary_thumbnail: `https://pictures.example.com/${variant}.jpg` });

/** Hands everything out to two workers until nothing is left; a worker that dies gives back all that it had. */
const drain = async (world: ShopWorld, waiting: RawRecord[], deaths: (Death | undefined)[], given: Plan) => {
  const { order, batch, scheduler } = given;
  const take = (): RawRecord[] =>
    Array.from({ length: Math.min(batch, waiting.length) }, () => {
      const [next] = waiting.splice((order.next().value ?? 0) % waiting.length, 1);
      return next as RawRecord;
    });
  while (waiting.length > 0) {
    const batches = [take(), take()].filter((records) => records.length > 0);
    const work = Promise.all(
      batches.map(async (records) => {
        const back = await world.assemble(records, deaths.shift());
        return records.filter(({ messageId }) => back === undefined || back.includes(messageId));
      }),
    );
    waiting.push(...(await scheduler.waitFor(work)).flat());
  }
};

it("makes one product and one notice of each complete pair, and counts each orphan once, whatever dies", async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      const { events, pauses, scheduler } = given;
      const world: ShopWorld = new ShopWorld(() => {
        world.nowMs += 1;
        return scheduler.schedule(Promise.resolve());
      });
      const deaths = [...given.deaths];
      const sweepDeaths = [...given.sweepDeaths];
      const sweep = async (): Promise<void> => {
        while (!(await scheduler.waitFor(world.sweep(sweepDeaths.shift())))) world.nowMs += HOUR_MS / 2;
      };
      for (const [round, pause] of pauses.entries()) {
        world.nowMs += pause * HOUR_MS;
        await sweep();
        const coming = events.filter((event) => event.round === round);
        const waiting = coming.map((event, index) => shopRecord(`${round}-${index}`, bodyOf(event)));
        await drain(world, waiting, deaths, given);
      }
      world.nowMs += 25 * HOUR_MS;
      await sweep();
      await sweep();

      const has = (video: string, half: string): boolean =>
        events.some((event) => event.video === video && event.half === half);
      const pairs = VIDEOS.filter((video) => has(video, "caption") && has(video, "thumbnails"));
      const singles = VIDEOS.filter((video) => has(video, "caption") !== has(video, "thumbnails"));
      expect(world.products.map(({ video_id }) => video_id).sort()).toEqual(pairs);
      expect([...world.notices].sort()).toEqual(pairs);
      const isAnyDead = [...given.deaths, ...given.sweepDeaths].some((one) => one !== undefined);
      if (!isAnyDead) expect(world.count("AssembliesCompleted")).toBe(pairs.length);
      expect(world.staged.map(({ video_id }) => video_id).sort()).toEqual(singles);
      // A pair whose second half came a day later was an orphan until then.
      expect(new Set(world.marked).size).toBe(world.marked.length);
      expect(world.marked).toEqual(expect.arrayContaining(singles));
      expect([...world.orphans.values()].reduce((sum, count) => sum + count, 0)).toBe(world.marked.length);
      expect(
        world.warnings.filter(({ message }) => message.startsWith("half of a product")).length,
      ).toBeLessThanOrEqual(world.marked.length);
    }),
    { seed: SEED, numRuns: testRuns(150) },
  );
});
