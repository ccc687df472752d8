import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { collectLetters } from "../../../../../lambdas/common/services/dead-letters/collect-letters.ts";
import { runLetterJobs } from "../../../../../lambdas/common/services/dead-letters/run-letter-jobs.ts";
import { batchBody, LetterWorld } from "../../../../helpers/worlds/letter-world.ts";

const pass = async (world: LetterWorld, changes: object = {}): Promise<void> => {
  const own = { ...world.process(), ...changes };
  await collectLetters(own, world.nowMs + 40_000);
  await runLetterJobs(own, world.nowMs + 40_000);
};
const outcomes = async (world: LetterWorld, job: string): Promise<Record<string, string>> => {
  const all: Record<string, string> = {};
  for await (const { part, outcome } of world.jobStore.allItems(job, {})) all[part] = outcome;
  return all;
};

describe("a dead letter", () => {
  it("is kept before its message is deleted, with what it is about, why it is dead and its whole body", async () => {
    const world = new LetterWorld();
    world.put("enrich-dlq", { body: batchBody(1), groupId: "u1" });
    const long = `not JSON ${"é😀".repeat(120_000)}`;
    world.put("enrich-dlq", { body: long });
    await pass(world);
    expect(world.messages.get("enrich-dlq")).toEqual([]);
    const letter = await world.store.get("m-1");
    expect(letter).toMatchObject({
      ...{ queue: "enrich", state: "open", catalog_id: "cat_1", batch_id: "run_1#1", asins: ["B0LETTER01"] },
      ...{ correlation_id: "c1", group_id: "u1", log_group: "/logs/enrich", attempt: 0 },
      error: { code: "DELIVERIES_FAILED" },
    });
    expect(await world.store.get("m-2")).toMatchObject({ error: { code: "RECORD_UNREADABLE" }, asins: [] });
    expect(await world.store.body({ letter_key: "m-2" })).toBe(long);
    expect(await world.store.count("open", "enrich")).toBe(2);
  });

  it("stays in its queue while the table does not take it, and other queues are collected all the same", async () => {
    const world = new LetterWorld();
    world.put("enrich-dlq", { body: batchBody(1) });
    world.put("broadcasts-dlq", { body: "{}" });
    const own = world.process();
    const create: typeof own.letters.create = async (letter, body) => {
      if (letter.queue === "enrich") throw new TransientError("throttled");
      return world.store.create(letter, body);
    };
    const letters = Object.assign(Object.create(own.letters), { create });
    await expect(collectLetters({ ...own, letters }, world.nowMs)).rejects.toThrow("throttled");
    expect(world.messages.get("enrich-dlq")).toHaveLength(1);
    expect(await world.store.count("open", "broadcasts")).toBe(1);
  });
});

describe("a redrive", () => {
  it("gives each letter the outcome that its row says: done, stale, failed again, or refused", async () => {
    const world = new LetterWorld();
    await world.openBatch(1);
    await world.openBatch(2, { state: "completed", items: [{ asin: "B0LETTER02", state: "enriched" }] });
    await world.openBatch(3, { generation: 2 });
    for (const number of [1, 2, 3, 4]) world.put("enrich-dlq", { body: batchBody(number) });
    world.put("enrich-dlq", { body: "nobody reads it" });
    world.put("broadcasts-dlq", { body: "{}" });
    await pass(world);
    world.nowMs += 1_000;
    const { part } = await world.job({ filter: { newer_than: "2026-08-01T00:00:00.000Z" } });
    await pass(world);
    // Batch 2 is settled, 3 is of a newer generation, 4 is gone with its catalog.
    expect(world.messages.get("enrich")?.map(({ body }) => body)).toEqual([batchBody(1), "nobody reads it"]);
    await world.consume();
    await world.consume({ fails: true });
    world.nowMs += 60_000;
    await pass(world);
    expect(await outcomes(world, part)).toEqual({
      ...{ "m-1": "done", "m-2": "stale", "m-3": "stale", "m-4": "stale" },
      ...{ "m-5": "failed_again", "m-6": "refused" },
    });
    expect(await world.jobStore.get(part)).toMatchObject({
      state: "done",
      is_active: false,
      count_done: 1,
      count_stale: 3,
    });
    expect(await world.store.get("m-5")).toMatchObject({ state: "open", attempt: 1, job_id: part });
    expect(await world.store.get("m-6")).toMatchObject({ state: "open", attempt: 0 });
  });

  it("takes no more than its limit, oldest first, at its rate, and none that was found dead later", async () => {
    const world = new LetterWorld();
    for (const number of [1, 2, 3, 4]) {
      await world.openBatch(number);
      world.put("enrich-dlq", { body: batchBody(number) });
      await pass(world);
      world.nowMs += 1_000;
    }
    const { part } = await world.job({ queue: "enrich", all: true }, { limit: 2, rate_per_second: 1 });
    const beganMs = world.nowMs;
    await pass(world);
    expect(world.messages.get("enrich")?.map(({ body }) => body)).toEqual([batchBody(1), batchBody(2)]);
    expect(world.nowMs - beganMs).toBeGreaterThanOrEqual(1_000);
    expect(await outcomes(world, part)).toEqual({ "m-1": "waiting", "m-2": "waiting" });
  });

  it("waits for the queue that throttles, and sends what it had in hand in the next pass", async () => {
    const world = new LetterWorld();
    await world.openBatch(1);
    world.put("enrich-dlq", { body: batchBody(1) });
    await pass(world);
    world.nowMs += 1_000;
    const { part } = await world.job({ message_ids: ["m-1", "m-9"] });
    const sendLetter = async () => Promise.reject(new TransientError("throttled"));
    await expect(pass(world, { sendLetter })).rejects.toThrow("throttled");
    expect(await outcomes(world, part)).toEqual({ "m-1": "claimed" });
    world.nowMs += 100_000;
    await pass(world);
    expect(await outcomes(world, part)).toEqual({ "m-1": "waiting", "m-9": "refused" });
  });

  it("that is stopped gives back what was in hand, and says of what was sent what came of it", async () => {
    const world = new LetterWorld();
    for (const number of [1, 2]) {
      await world.openBatch(number);
      world.put("enrich-dlq", { body: batchBody(number) });
    }
    await pass(world);
    world.nowMs += 1_000;
    const { part } = await world.job({ queue: "enrich", all: true }, { rate_per_second: 1 });
    let sent = 0;
    const own = world.process();
    const sendLetter: typeof own.sendLetter = async (...given) => {
      sent += 1;
      if (sent === 2) throw new TransientError("throttled");
      await own.sendLetter(...given);
    };
    await expect(pass(world, { sendLetter })).rejects.toThrow("throttled");
    await world.jobStore.stop(part, "somebody", "2026-08-01T12:00:05.000Z");
    await world.consume();
    world.nowMs += 100_000;
    await pass(world);
    expect(await outcomes(world, part)).toEqual({ "m-1": "done", "m-2": "released" });
    expect(await world.jobStore.get(part)).toMatchObject({
      state: "stopped",
      is_active: false,
      stopped_by: "somebody",
    });
    expect(await world.store.get("m-2")).toMatchObject({ state: "open" });
  });

  it("calls a message done that no row knows of and that has not come back for two hours", async () => {
    const world = new LetterWorld();
    world.put("enrich-dlq", { body: "read by the next version" });
    await pass(world);
    world.nowMs += 1_000;
    const { part } = await world.job({ queue: "enrich", all: true });
    await pass(world);
    await world.queues.remove(
      "enrich",
      (world.messages.get("enrich") ?? []).map(({ receiptHandle }) => receiptHandle),
    );
    world.nowMs += 3_600_000;
    await pass(world);
    expect(await outcomes(world, part)).toEqual({ "m-1": "waiting" });
    world.nowMs += 3_600_000;
    await pass(world);
    expect(await outcomes(world, part)).toEqual({ "m-1": "done" });
  });
});

describe("a discard", () => {
  it("ends letters, which are kept for 30 days and sent by no later redrive", async () => {
    const world = new LetterWorld();
    world.put("enrich-dlq", { body: batchBody(1) });
    await pass(world);
    world.nowMs += 1_000;
    const { part } = await world.job({ filter: { catalog_id: "cat_1" } }, { kind: "discard" });
    await pass(world);
    expect(await outcomes(world, part)).toEqual({ "m-1": "discarded" });
    const letter = await world.store.get("m-1");
    expect(letter).toMatchObject({ state: "discarded" });
    expect((letter?.expires_at ?? 0) - world.nowMs / 1_000).toBeGreaterThan(29 * 86_400);
    const again = await world.job({ queue: "enrich", all: true });
    await pass(world);
    expect([await outcomes(world, again.part), world.messages.get("enrich") ?? []]).toEqual([{}, []]);
  });
});

describe("a message that nobody can read", () => {
  it.each([
    ["brackets", `${"[".repeat(130_000)}${"]".repeat(130_000)}`],
    ["covers of Lambda", `${'{"requestPayload":'.repeat(12_000)}1${"}".repeat(12_000)}`],
  ])("is kept however deep its JSON is: %s", async (_, deep) => {
    const world = new LetterWorld();
    const names = ["enrich", "requests", "events", "broadcasts"] as const;
    for (const name of names) world.put(`${name}-dlq`, { body: deep });
    const sources = names.map((name) => ({ name, dlq: `${name}-dlq`, queue: name, logs: null }));
    await collectLetters({ ...world.process(), sources }, world.nowMs);
    for (const name of names) expect(world.messages.get(`${name}-dlq`), name).toEqual([]);
    expect(await world.store.body({ letter_key: "m-1" })).toBe(deep);
  });

  it("keeps no other of its queue from being kept, where the table never takes it", async () => {
    const world = new LetterWorld();
    for (const number of [1, 2, 3]) world.put("enrich-dlq", { body: batchBody(number) });
    const own = world.process();
    const create: typeof own.letters.create = async (letter, body) => {
      if (letter.letter_key === "m-1") throw new Error("too large for an item");
      return world.store.create(letter, body);
    };
    const letters = Object.assign(Object.create(own.letters), { create });
    await expect(collectLetters({ ...own, letters }, world.nowMs + 40_000)).rejects.toThrow("too large");
    expect(world.messages.get("enrich-dlq")).toHaveLength(1);
    expect(await world.store.count("open", "enrich")).toBe(2);
  });
});
