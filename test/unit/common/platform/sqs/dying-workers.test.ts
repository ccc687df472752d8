import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { createHandler as assemble } from "../../../../../lambdas/assemble-product/handler.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import type { QueueEvent } from "../../../../../lambdas/common/platform/sqs/batch-handler.ts";
import { createHandler as writeExport } from "../../../../../lambdas/export-catalog/handler.ts";
import { createHandler as refresh } from "../../../../../lambdas/refresh-products/handler.ts";
import { REPOSITORY_ROOT } from "../../../../../local/layout.ts";
import { silentLog, silentMeter } from "../../../../helpers/silent.ts";
import { context, names, record, World } from "./batch-world.ts";

/*
 * A queue hides messages for six time limits of the function that reads it: a quarter of an hour and more. A worker that dies must
 * not keep its messages for so long.
 */

const LAMBDAS = join(REPOSITORY_ROOT, "lambdas");
const textOf = (room: string): string => readFileSync(join(LAMBDAS, room, "handler.ts"), "utf8");
const CONSUMERS = globSync("*/handler.ts", { cwd: LAMBDAS })
  .map(dirname)
  .filter((room) => textOf(room).includes("createBatchHandler("))
  .sort();
const saying = (hidden: string): string[] => CONSUMERS.filter((room) => textOf(room).includes(`hidden: "${hidden}"`));

it("every consumer says what hides its messages; those that do it themselves have tests of their own", () => {
  expect(CONSUMERS.length).toBeGreaterThanOrEqual(5);
  expect([...saying("invocation"), ...saying("by-work")].sort()).toEqual(CONSUMERS);
  // `process-batches.test.ts` and `returned-records.test.ts` of the first, `reading-slots.test.ts` of the second.
  expect(saying("by-work")).toEqual(["enrich-batch", "ingest-catalog"]);
});

/** What a handler has done to its messages when its work hangs, as that of a worker that dies does. */
const hiddenBy = async (
  createHandler: (deps: never) => (event: QueueEvent, time: typeof context) => Promise<unknown>,
  bodies: readonly object[],
) => {
  const hidden: unknown[] = [];
  let begun: () => void = () => undefined;
  const atWork = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const queue = {
    changeVisibilities: async (handles: readonly string[], seconds: number) => void hidden.push([handles, seconds]),
    changeVisibility: async () => undefined,
    remove: async () => undefined,
  };
  const hangs = () => {
    begun();
    return new Promise<never>(() => undefined);
  };
  const hanging = new Proxy({}, { get: () => hangs });
  const deps = {
    ...{ log: silentLog, meter: silentMeter, ownQueue: queue, queues: new Map([["q", queue]]) },
    clock: { now: () => 0, sleep: hangs },
    newId: () => "id",
    ...{ jobs: hanging, exports: hanging, staged: hanging, products: hanging },
  };
  const Records = bodies.map((body, index) => record(String(index), { body: JSON.stringify(body) }));
  void createHandler(deps as never)({ Records }, context);
  await atWork;
  return hidden;
};

const REFRESH = {
  ...{ version: 1, refresh_date: "2026-11-29", job_id: "2026-11-29T10-0001", generation: 1 },
  marketplace: "www.amazon.com",
  products: [{ asin: "B08DQQ8CBP" }],
};
const SAMPLES = join(REPOSITORY_ROOT, "events", "sqs");
const bodyOf = (sample: string): object => {
  const [file = ""] = globSync(`${sample}*.json`, { cwd: SAMPLES }).filter((name) => !name.includes("invalid"));
  const { Records } = JSON.parse(readFileSync(join(SAMPLES, file), "utf8"));
  return JSON.parse(Records[0].body);
};

it.each([
  ["export-catalog", writeExport, () => [bodyOf("export-catalog")]],
  ["refresh-products", refresh, () => [REFRESH, REFRESH, REFRESH]],
  ["assemble-product", assemble, () => [bodyOf("caption-parsed")]],
] as const)(
  "%s has them back soon after its invocation must have ended, also those it has not begun",
  async (...args) => {
    const [room, createHandler, bodies] = args;
    expect(saying("invocation")).toContain(room);
    const handles = bodies().map((_, index) => `r-${index}`);
    // A minute is left, and a lease ends some seconds after the invocation.
    expect(await hiddenBy(createHandler, bodies())).toEqual([[handles, 75]]);
  },
);

it("work goes on where the queue does not hide them", async () => {
  const world = new World();
  world.visibilityFails = new TransientError("the queue is away");
  const done: string[] = [];
  const work = { each: async ({ message }: { message: { name: string } }) => void done.push(message.name) };
  const records = names.slice(0, 3).map((name) => record(name));
  const answer = await world.handler(work, "invocation")({ Records: records }, context);
  expect([answer.batchItemFailures, done]).toEqual([[], ["n0", "n1", "n2"]]);
  expect(world.lines.map(({ message }) => message)).toEqual(["records would come back late if this worker died"]);
});
