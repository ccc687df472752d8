import { expect, it } from "vitest";
import type { Deps } from "../../../lambdas/export-catalog/deps.ts";
import { RowFile } from "../../../lambdas/export-catalog/row-file.ts";
import { runExport } from "../../../lambdas/export-catalog/run-export.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { type ExportWorld, exportDeps } from "../../helpers/worlds/export-world.ts";
import { deliverOnce } from "./deliver-once.ts";
import { jobOf, MESSAGE, resultOf, worldOf } from "./fixture.ts";

const upTo = (rows: number, bytes = Number.POSITIVE_INFINITY) => ({ rows, bytes, addedBytes: 0 });

/** 3,500 rows over two shops, with duplicates and rejects in between: four pages, several parts. */
const CATALOG = [
  "asin,marketplace,note",
  ...Array.from({ length: 3_500 }, (_, n) => {
    if (n % 97 === 0) return `broken ${n},,=${n}`;
    if (n % 31 === 0) return `${asinNumber(1)},amazon.com,again ${n}`;
    return `${asinNumber(n)},${n % 3 === 0 ? "amazon.de" : "amazon.com"},note ${n}`;
  }),
].join("\n");
const PART_BYTES = 120_000;
const TIME_MS = 60_000;

class Died extends Error {}

/** Deps of a process that dies at its `n`-th call to the world, before or after the call has its effect. */
const mortal = (deps: Deps, n: number, effect: "before" | "after"): { deps: Deps; died: () => boolean } => {
  let calls = 0;
  let dead = false;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          if (dead) throw new Died();
          calls += 1;
          const isLast = calls === n;
          if (isLast && effect === "before") dead = true;
          if (dead) throw new Died();
          const result: unknown = await Reflect.apply(member, object, args);
          if (isLast) dead = true;
          if (dead) throw new Died();
          return result;
        };
      },
    });
  const { exports, objects, catalogs, batches, products, queue } = deps;
  return {
    died: () => dead,
    deps: {
      ...deps,
      exports: wrap(exports),
      objects: wrap(objects),
      catalogs: wrap(catalogs),
      batches: wrap(batches),
      products: wrap(products),
      queue: wrap(queue),
    },
  };
};

/** Delivers the message, and every message that an invocation sends, until the export is ready. @returns invocations */
const runOut = async (world: ExportWorld, deps: Deps): Promise<number> => {
  for (let invocation = 1; invocation <= 100; invocation += 1) {
    const result = await deliverOnce(deps, { message: MESSAGE, receiveCount: 1, remainingMs: TIME_MS });
    if (jobOf(world).state === "ready") return invocation;
    expect(result.kind === "again" || world.sent.length > 0).toBe(true);
    if (result.kind === "again") world.nowMs += (result.seconds ?? 0) * 1_000 + 1;
  }
  throw new Error("the export does not end");
};

const expected = async (): Promise<string> => {
  const world = await worldOf(CATALOG);
  expect(await runOut(world, exportDeps(world, { partBytes: PART_BYTES }))).toBe(1);
  expect(world.objects.writes.length).toBeGreaterThan(2);
  return resultOf(world);
};

it("gives the same bytes whether written in one invocation, or in one for each page, which continue by themselves", async () => {
  const whole = await expected();
  for (const partBytes of [PART_BYTES, 100_000_000]) {
    const world = await worldOf(CATALOG);
    // Every reading of the clock says that the invocation is over.
    world.tickMs = TIME_MS;
    const invocations = await runOut(world, exportDeps(world, { partBytes }));
    expect(invocations).toBeGreaterThan(4);
    expect(world.sent.length).toBe(invocations - 1);
    expect(resultOf(world)).toBe(whole);
    expect([...world.objects.stored.keys()].filter((key) => key.startsWith("exports/"))).toEqual([
      jobOf(world).object_key,
    ]);
  }
});

it.each(["before", "after"] as const)(
  "gives the same bytes wherever the worker dies, %s each of its steps",
  async (effect) => {
    const whole = await expected();
    let deaths = 0;
    for (let n = 1; ; n += 1) {
      const world = await worldOf(CATALOG);
      // The invocation ends after two pages or so, so that parked pieces and continuations are among the steps.
      world.tickMs = 7_000;
      const process = mortal(exportDeps(world, { partBytes: PART_BYTES }), n, effect);
      await runExport(process.deps, { message: MESSAGE, receiveCount: 1, remainingMs: TIME_MS }).catch(
        (error: unknown) => {
          if (!(error instanceof Died)) throw error;
        },
      );
      if (!process.died()) break;
      deaths += 1;
      // Redelivered once the lease of the dead one is over.
      world.tickMs = 0;
      world.nowMs += TIME_MS * 2;
      await runOut(world, exportDeps(world, { partBytes: PART_BYTES }));
      expect(resultOf(world), `died ${effect} step ${n}`).toBe(whole);
    }
    expect(deaths).toBeGreaterThan(20);
  },
);

it("stops where another worker has taken over, and does not touch its work", async () => {
  const world = await worldOf(CATALOG);
  const deps = exportDeps(world, {
    partBytes: PART_BYTES,
    products: {
      getMany: async () => {
        // The lease ends while this one still works, and another one claims it.
        world.nowMs += TIME_MS * 3;
        await world.exports.claim({
          export_id: MESSAGE.export_id,
          owner: "other",
          now: new Date(world.nowMs).toISOString(),
          lease_until: new Date(world.nowMs + TIME_MS).toISOString(),
          last_delivery: false,
        });
        return new Map();
      },
    },
  });
  expect(await deliverOnce(deps, { message: MESSAGE, receiveCount: 1, remainingMs: TIME_MS })).toEqual({
    kind: "done",
  });
  expect(jobOf(world)).toMatchObject({ state: "running", lease_owner: "other" });
  expect(world.sent).toEqual([]);
});

it("reads rows by ranges from any row on, also rows longer than a range", async () => {
  const lines = Array.from({ length: 50 }, (_, n) =>
    JSON.stringify({ line: n + 1, verdict: "invalid", reason: "r", cells: ["ü".repeat(n === 20 ? 900_000 : n)] }),
  );
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  const readRange = async (from: number, size: number) => bytes.subarray(from, from + size);
  const first = new RowFile(readRange, 0);
  const head = await first.next(upTo(13));
  const rest: number[] = [];
  const second = new RowFile(readRange, first.offset);
  for (let rows = await second.next(upTo(7)); rows.length > 0; rows = await second.next(upTo(7))) {
    rest.push(...rows.map(({ line }) => line));
  }
  expect([...head.map(({ line }) => line), ...rest]).toEqual(lines.map((_, n) => n + 1));
  expect(second.offset).toBe(bytes.length);
  await expect(
    new RowFile(async (from, size) => bytes.subarray(0, 100).subarray(from, from + size), 60).next(upTo(9)),
  ).rejects.toThrow();
});

it("ends a page of rows after some bytes, of the rows and of what is added to each, but never without a row", async () => {
  const line = `${JSON.stringify({ line: 1, verdict: "invalid", reason: "r", cells: ["x".repeat(9_000)] })}\n`;
  const bytes = Buffer.from(line.repeat(40));
  const read = async (page: { rows: number; bytes: number; addedBytes: number }) =>
    (await new RowFile(async (from, size) => bytes.subarray(from, from + size), 0).next(page)).length;
  expect(await read(upTo(100, 10 * line.length))).toBe(10);
  expect(await read({ rows: 100, bytes: 10 * line.length, addedBytes: line.length })).toBe(5);
  expect(await read(upTo(100, 1))).toBe(1);
  expect(await read(upTo(7, 10 * line.length))).toBe(7);
});
