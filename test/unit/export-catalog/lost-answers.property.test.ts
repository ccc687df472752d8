import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExportStore } from "../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { ExportJobSchema } from "../../../lambdas/common/core/exports/export-job.ts";
import type { Deps } from "../../../lambdas/export-catalog/deps.ts";
import { createHandler } from "../../../lambdas/export-catalog/handler.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { MemoryExportQueue } from "../../helpers/memory/memory-export-queue.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { testRuns } from "../../helpers/test-runs.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { exportDeps } from "../../helpers/worlds/export-world.ts";
import { jobOf, MESSAGE, resultOf, worldOf } from "./fixture.ts";

/** Four pages. */
const CATALOG = ["asin,note", ...Array.from({ length: 3_500 }, (_, n) => `${asinNumber(n)},note ${n}`)].join("\n");
const TIME_MS = 60_000;
const SEED = testSeed("lost answers", 20261123);
/** As the SDK gives it for the table and the adapter for the queue: it may pass. */
const BUSY = Object.assign(new Error("throttled"), { name: "ThrottlingException" });

/**
 * `refused`: has no effect. `unanswered`: has its effect, and fails. `repeated`: the SDK asks again after a lost answer.
 * `killed`: has its effect, and the function is no more.
 */
const FAULTS = ["refused", "unanswered", "repeated", "killed"] as const;
type Fault = (typeof FAULTS)[number];

/** One function instance and the calls that it makes to the table and the queue. */
class FaultyCalls {
  calls = 0;
  isKilled = false;
  readonly #faultAt: (call: number) => Fault | undefined;

  constructor(faultAt: (call: number) => Fault | undefined) {
    this.#faultAt = faultAt;
  }

  async through<T>(error: Error, call: () => Promise<T>): Promise<T> {
    if (this.isKilled) throw error;
    this.calls += 1;
    const fault = this.#faultAt(this.calls);
    if (fault === "refused") throw error;
    if (fault === undefined) return call();
    await call();
    this.isKilled = fault === "killed";
    if (fault !== "repeated") throw error;
    return call();
  }
}

/** Runs an export on the real rows until no message waits, with faults at the calls that `faultAt` names. */
const run = async (partBytes: number, faultAt: (call: number) => Fault | undefined) => {
  const world = await worldOf(CATALOG);
  // A turn ends after two pages or so.
  world.tickMs = 7_000;
  const dynamo = new MemoryDynamo({ operations: { keys: ["operation_key"] } });
  const table = dynamo.client();
  await table.send(new PutCommand({ TableName: "operations", Item: jobOf(world) }));
  const queue = new MemoryExportQueue(world);
  const instance = new FaultyCalls(faultAt);
  const client = { send: (command: PutCommand) => instance.through(BUSY, () => table.send(command)) };
  const deps: Deps = exportDeps(world, {
    partBytes,
    exports: new ExportStore(client as unknown as DynamoDBDocumentClient, "operations"),
    queue: { send: (message, delay) => instance.through(BUSY, () => queue.send(message, delay)) },
    ownQueue: {
      changeVisibility: async (handle, seconds) => {
        if (!instance.isKilled) await queue.changeVisibility(handle, seconds);
      },
      changeVisibilities: async () => {},
      remove: async () => {},
    },
  });
  const handler: ReturnType<typeof createHandler> = async (event, context) => {
    instance.isKilled = false;
    const answer = await createHandler(deps)(event, context);
    if (instance.isKilled) throw new Error("killed");
    return answer;
  };
  await queue.send(MESSAGE);
  await queue.drain(handler, TIME_MS);
  const jobNow = () => ExportJobSchema.parse(dynamo.items("operations")[0]);
  /** What an operator does with the dead-letter queue. */
  const redrive = async () => {
    for (const message of queue.dead.splice(0)) await queue.send(message);
    await queue.drain(createHandler({ ...deps, exports: new ExportStore(table, "operations"), queue }), TIME_MS);
  };
  return { queue, calls: instance.calls, jobNow, redrive, text: () => resultOf(world) };
};

const READY = { state: "ready", rows_read: 3_500, rows_written: 3_500 };

describe.each([
  ["in parts", 60_000],
  ["in one piece", 100_000_000],
])("an export %s", (_, partBytes) => {
  it.each(FAULTS)("ends well whichever call to its row or queue is %s", async (fault) => {
    const whole = await run(partBytes, () => undefined);
    expect(whole.calls).toBeGreaterThan(5);
    for (let n = 1; n <= whole.calls; n += 1) {
      const { jobNow, queue, text } = await run(partBytes, (call) => (call === n ? fault : undefined));
      expect(jobNow(), `${fault} at call ${n}`).toMatchObject(READY);
      expect(text() === whole.text(), `${fault} at call ${n}`).toBe(true);
      expect(queue.dead).toEqual([]);
      expect(queue.deliveries).toBeLessThan(12);
    }
  });

  it("ends well although every answer is lost once", async () => {
    const { jobNow, queue } = await run(partBytes, () => "repeated");
    expect(jobNow()).toMatchObject(READY);
    expect(queue.dead).toEqual([]);
  });

  it("ends well, or lies in the dead-letter queue and ends well from there, whatever happens how often", async () => {
    const whole = (await run(partBytes, () => undefined)).text();
    let dead = 0;
    const faults = fc.array(fc.option(fc.constantFrom(...FAULTS), { nil: undefined, freq: 2 }), { maxLength: 60 });
    const property = fc.asyncProperty(faults, async (plan) => {
      const { jobNow, queue, redrive, text } = await run(partBytes, (call) => plan[call - 1]);
      if (jobNow().state !== "ready") {
        expect(queue.dead).not.toEqual([]);
        dead += 1;
        await redrive();
      }
      expect(jobNow()).toMatchObject(READY);
      expect(text() === whole).toBe(true);
    });
    // Refused so often that it ends in the dead-letter queue, whatever the seed gives.
    const examples: [(typeof FAULTS)[number][]][] = [[Array.from({ length: 60 }, () => "refused" as const)]];
    await fc.assert(property, { seed: SEED, numRuns: testRuns(25), examples });
    expect(dead).toBeGreaterThan(0);
  });
});
