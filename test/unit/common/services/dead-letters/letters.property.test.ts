import fc from "fast-check";
import { expect, it } from "vitest";
import { LetterSchema } from "../../../../../lambdas/common/core/dead-letters/letter.ts";
import {
  countsOf,
  LetterJobItemSchema,
  LetterJobSchema,
} from "../../../../../lambdas/common/core/dead-letters/letter-job.ts";
import { collectLetters } from "../../../../../lambdas/common/services/dead-letters/collect-letters.ts";
import { runLetterJobs } from "../../../../../lambdas/common/services/dead-letters/run-letter-jobs.ts";
import { Mortal } from "../../../../helpers/mortal.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";
import { batchBody, LetterWorld } from "../../../../helpers/worlds/letter-world.ts";

const SEED = testSeed("dead letters");
const BATCHES = 4;

const death = fc.option(
  fc.record({
    of: fc.constantFrom("letters", "jobs", "queues", "subjects"),
    method: fc.constantFrom(
      "create",
      "replace",
      "noteItem",
      "advance",
      "lease",
      "release",
      "send",
      "remove",
      "receive",
      "read",
      "body",
    ),
    after: fc.integer({ min: 1, max: 4 }),
  }),
  { nil: undefined },
);

/** What happens, in this order; passes run beside each other where two follow. */
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("dies" as const),
      batch: fc.integer({ min: 1, max: BATCHES }),
      copies: fc.integer({ min: 1, max: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      deaths: fc.array(death, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("redrive" as const), limit: fc.option(fc.integer({ min: 1, max: 3 })) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("discard" as const), batch: fc.integer({ min: 1, max: BATCHES }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("consume" as const), fails: fc.boolean(), redelivers: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(2, 100, 8_000) }) },
);

const pass = async (
  world: LetterWorld,
  dies: (typeof death extends fc.Arbitrary<infer Value> ? Value : never) | undefined,
): Promise<void> => {
  const mortal = new Mortal();
  let calls = 0;
  const own = world.process((target) =>
    dies && dies.method in target
      ? mortal.wrap(target, {
          method: dies.method as keyof typeof target & string,
          when: () => {
            calls += 1;
            return calls === dies.after;
          },
        })
      : mortal.wrap(target),
  );
  const untilMs = world.nowMs + 40_000;
  const work = collectLetters(own, untilMs).then(() => runLetterJobs(own, untilMs));
  await Promise.race([work, mortal.died]);
};

const settle = async (world: LetterWorld): Promise<void> => {
  for (let round = 0; round < 30; round += 1) {
    while ((world.messages.get("enrich") ?? []).length > 0) await world.consume();
    world.nowMs += 8_000_000;
    await pass(world, undefined);
    const isQuiet = [...world.messages.values()].every(({ length }) => length === 0);
    if (isQuiet && (await world.jobStore.listActive()).length === 0) return;
  }
  throw new Error("it does not come to rest");
};

it("each message ends in exactly one state, none is forgotten, and no batch is enriched twice by it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      const world = new LetterWorld();
      for (let number = 1; number <= BATCHES; number += 1) await world.openBatch(number);
      const born = new Set<string>();
      const jobs: string[] = [];
      for (const one of acts) {
        if (one.kind === "dies") {
          const message = world.put("enrich-dlq", { body: batchBody(one.batch) });
          born.add(message.messageId);
          // SQS may deliver a message twice, also after it was deleted.
          if (one.copies === 2) world.put("enrich-dlq", message);
        } else if (one.kind === "pass") {
          await Promise.all(one.deaths.map((dies) => pass(world, dies)));
        } else if (one.kind === "redrive") {
          jobs.push((await world.job({ queue: "enrich", all: true }, { limit: one.limit })).part);
        } else if (one.kind === "discard") {
          const filter = { asin: `B0LETTER0${one.batch}` };
          jobs.push((await world.job({ filter }, { kind: "discard" })).part);
        } else if (one.kind === "stop") {
          const last = jobs.at(-1);
          if (last) await world.jobStore.stop(last, "somebody", "2026-08-01T12:00:00.000Z");
        } else if (one.kind === "consume") await world.consume(one);
        else world.nowMs += one.seconds * 1_000;
      }
      await settle(world);

      const rows = world.dynamo.items("letters");
      const letters = rows.filter(({ part }) => part === "letter").map((row) => LetterSchema.parse(row));
      expect(new Set(letters.map(({ letter_key }) => letter_key))).toEqual(born);
      for (const { letter_key, state } of letters) {
        expect([letter_key, ["open", "done", "stale", "discarded"].includes(state)]).toEqual([letter_key, true]);
      }
      for (const [batch, times] of world.enriched) expect([batch, times]).toEqual([batch, 1]);
      // What jobs count is what they did to each letter, and nothing is in hand for ever.
      for (const job of rows
        .filter(({ letter_key }) => letter_key === "jobs")
        .map((row) => LetterJobSchema.parse(row))) {
        const items = rows
          .filter(({ letter_key }) => letter_key === `job#${job.part}`)
          .map((row) => LetterJobItemSchema.parse(row));
        for (const [outcome, count] of Object.entries(countsOf(job))) {
          expect([outcome, count]).toEqual([outcome, items.filter((item) => item.outcome === outcome).length]);
        }
        expect([countsOf(job).claimed, countsOf(job).waiting]).toEqual([0, 0]);
      }
    }),
    { seed: SEED, numRuns: testRuns(150) },
  );
});
