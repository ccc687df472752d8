import { expect, it } from "vitest";
import { collectLetters } from "../../../../../lambdas/common/services/dead-letters/collect-letters.ts";
import { runLetterJobs } from "../../../../../lambdas/common/services/dead-letters/run-letter-jobs.ts";
import { batchBody, LetterWorld } from "../../../../helpers/worlds/letter-world.ts";

const PASS_MS = 4_000;

/** Nine letters of one queue, of batches that are open, and one of another. */
const worldWithLetters = async (): Promise<LetterWorld> => {
  const world = new LetterWorld();
  for (let number = 1; number <= 9; number += 1) {
    await world.openBatch(number);
    world.put("enrich-dlq", { body: batchBody(number) });
  }
  world.put("broadcasts-dlq", { body: "{}" });
  await collectLetters(world.process(), world.nowMs + PASS_MS);
  world.nowMs += 1_000;
  return world;
};

it("leaves each operator's job its share of a pass, however long another one takes", async () => {
  const world = await worldWithLetters();
  const long = await world.job({ queue: "enrich", all: true }, { rate_per_second: 1 });
  const short = await world.job({ queue: "broadcasts", all: true }, { kind: "discard" });
  await runLetterJobs(world.process(), world.nowMs + PASS_MS);
  expect(await world.jobStore.get(long.part)).toMatchObject({ state: "running" });
  expect(await world.jobStore.get(short.part)).toMatchObject({ state: "done", count_discarded: 1 });
});

it("says what came of the letters that it has sent while it sends others", async () => {
  const world = await worldWithLetters();
  const { part } = await world.job({ queue: "enrich", all: true }, { rate_per_second: 1 });
  await runLetterJobs(world.process(), world.nowMs + PASS_MS);
  for (let number = 0; number < 2; number += 1) await world.consume();
  world.nowMs += 20_000;
  await runLetterJobs(world.process(), world.nowMs + PASS_MS);
  expect(await world.jobStore.get(part)).toMatchObject({ state: "running", count_done: 2 });
});
