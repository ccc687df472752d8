import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { createGate } from "../lambdas/common/platform/gate.ts";
import { Listener } from "./live/listener.ts";
import { measureBare } from "./live/measure-bare.ts";
import { type ProcessorTime, processorTime, timeBetween } from "./live/processor-time.ts";
import { RunUpdates } from "./live/run-updates.ts";
import { asins, isDone } from "./shared/bench-api.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";
import { quantile, seconds } from "./shared/statistics.ts";

/*
 * How soon a change reaches those who watch it, through the deployed stack, beside a bare `ws` broadcast of as many messages at the
 * same pace to as many connections: `node bench/live.ts --connections 2000 --catalogs 50 --updates 5,20`. One listener of each
 * catalog reads nothing. Then all other connections are lost and come back within `--burst` seconds, while changes go on. At the end every
 * listener must know the last state of its catalog.
 */

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "2000" },
    catalogs: { type: "string", default: "50" },
    updates: { type: "string", default: "5,20" },
    seconds: { type: "string", default: "15" },
    burst: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const [connections, catalogs] = [count.parse(values.connections), count.parse(values.catalogs)];
const [lasting, burst] = [count.parse(values.seconds), count.parse(values.burst)];
/** Changes a second, of all runs together; the first of them goes on during the burst. */
const updates = values.updates.split(",").map((part) => count.parse(part));
const PRODUCTS = 10;
const CALLS_PER_SECOND = 20;
/** Connections that are opened at the same time, before anything is measured. */
const OPENING = 20;
/**
 * Tickets that are asked for at the same time: each concurrent call of the HTTP API starts a process of the emulator, where Lambda
 * would start an execution. Waiting for it counts.
 */
const PARALLEL_TICKETS = 8;
/** After the last change nobody has to wait longer than this for it, milliseconds; far more than the goal. */
const SETTLE_MS = 20_000;
const IDLE_MS = 5_000;
/** Of a `catalog_progress`. */
const MESSAGE_BYTES = 230;

const report = new Report("live", { connections, catalogs, updates, seconds: lasting, burst }, values.json);
const stack = await startBenchStack(CALLS_PER_SECOND);
const listeners: Listener[] = [];
let changes: RunUpdates | undefined;
const phases: { readonly phase: string; readonly ms: number; readonly used: ProcessorTime }[] = [];
/** Does something and notes how long it took, and whose processor time. */
const phase = async (name: string, work: () => Promise<unknown>): Promise<number> => {
  const [before, began] = [processorTime(stack.dir), performance.now()];
  await work();
  const ms = performance.now() - began;
  phases.push({ phase: name, ms, used: timeBetween(before, processorTime(stack.dir)) });
  return ms;
};
try {
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  const ids: string[] = [];
  for (let n = 0; n < catalogs; n += 1) ids.push(await user.upload(asins(PRODUCTS, n * PRODUCTS)));
  const runs: { readonly catalogId: string; readonly trackingId: string }[] = [];
  for (const catalogId of ids) {
    const { tracking_id } = await user.until(catalogId, isDone, 500);
    if (tracking_id) runs.push({ catalogId, trackingId: tracking_id });
  }
  changes = new RunUpdates(stack.outputs.emulatorUrl, stack.outputs.tables["enrichment-status"] ?? "", runs);
  const driver = changes;
  const isCurrent = ({ catalogId, last }: Listener): boolean => driver.sequences.get(catalogId) === last?.sequence;
  const untilCurrent = async (list: readonly Listener[]): Promise<void> => {
    const endMs = Date.now() + SETTLE_MS;
    while (!list.every(isCurrent) && Date.now() < endMs) await delay(50);
  };
  const tickets = createGate(PARALLEL_TICKETS);
  const ticket = (): Promise<string> => tickets(() => user.ticket());
  const url = stack.outputs.webSocketUrl;
  for (let n = 0; n < connections; n += 1) listeners.push(new Listener(url, ids[n % catalogs] ?? "", ticket));

  const openedMs = await phase(`${connections} connections are opened, ${OPENING} at a time`, () => {
    const unopened = listeners.values();
    return Promise.all(
      Array.from({ length: OPENING }, async () => {
        // One iterator for all: each takes the next.
        for (const listener of unopened) await listener.open();
      }),
    );
  });
  report.say(`${connections} connections open after ${seconds(openedMs)}`);
  await phase("nothing happens", () => delay(IDLE_MS));
  // The functions on the way have started; a cold start is `bench/latency.ts`.
  await driver.commitAll();
  await untilCurrent(listeners);
  // The slow readers: what is sent to them piles up, and nobody waits for it.
  const slow = listeners.slice(0, catalogs);
  const readers = listeners.slice(catalogs);
  for (const listener of slow) listener.stopReading();

  const takePushed = (): number[] => readers.flatMap(({ pushedAfterMs }) => pushedAfterMs.splice(0));
  const rates: { readonly perSecond: number; readonly pushed: readonly number[]; readonly ms: number }[] = [];
  for (const perSecond of updates) {
    takePushed();
    const pacing = driver.pace(perSecond);
    const ms = await phase(`${perSecond} changes a second`, () => delay(lasting * 1_000));
    driver.stop();
    await pacing;
    // Also what comes late counts.
    await untilCurrent(readers);
    rates.push({ perSecond, pushed: takePushed(), ms });
    report.say(`${perSecond} changes a second: ${rates.at(-1)?.pushed.length} messages in ${seconds(ms)}`);
  }
  takePushed();
  const pacing = driver.pace(updates[0] ?? 1);

  const began = performance.now();
  const reopened: number[] = [];
  const returnedMs = await phase(`${readers.length} connections return`, async () => {
    for (const listener of readers) listener.drop();
    await Promise.all(
      readers.map(async (listener, index) => {
        await delay((index / readers.length) * burst * 1_000);
        await listener.open();
        reopened.push(performance.now() - began);
      }),
    );
  });
  driver.stop();
  await pacing;
  await driver.commitAll();
  await untilCurrent(readers);
  const lost = readers.filter((listener) => !isCurrent(listener)).length;
  const duringBurst = takePushed();
  const sum = (of: (listener: Listener) => number): number => listeners.reduce((total, one) => total + of(one), 0);
  const [failures, ends] = [sum(({ failures: failed }) => failed), sum(({ ends: ended }) => ended)];
  for (const listener of listeners) listener.close();

  const times = (way: string, list: readonly number[], ms: number) => ({
    way,
    "messages a second": Math.round(list.length / (ms / 1_000)),
    "p50 ms": Math.round(quantile(list, 0.5)),
    "p95 ms": Math.round(quantile(list, 0.95)),
    "max ms": Math.round(quantile(list, 1)),
  });
  const table = [];
  for (const { perSecond, pushed, ms } of rates) {
    const texts = Math.max(1, Math.round(pushed.length / readers.length));
    const bare = await measureBare({
      ...{ connections: readers.length, texts, intervalMs: ms / texts, bytes: MESSAGE_BYTES },
    });
    table.push(
      times(`deployed line, ${perSecond} changes a second`, pushed, ms),
      times("bare broadcast of as many", bare, ms),
    );
  }
  report.finish(
    [...table, times("deployed line, during the burst", duringBurst, returnedMs)],
    [
      `${readers.length} readers of ${catalogs} catalogs; ${slow.length} connections read nothing`,
      `all were back ${seconds(Math.max(...reopened))} after the loss, half of them after ${seconds(quantile(reopened, 0.5))}, with ${failures} failed tries and ${ends} connections that ended by themselves; ${lost} do not know the last state of their catalog`,
      ...phases.map(({ phase: name, ms, used: { emulator, functions, bench } }) => {
        const share = (part: number): string => `${Math.round((part / ms) * 100)} %`;
        return `${name}: ${seconds(ms)}; of a core the emulator used ${share(emulator)}, functions ${share(functions)}, gateway and bench ${share(bench)}`;
      }),
      "goals: p95 at most 1,000 ms from the commit to the arrival; nobody without the last state",
    ],
    { phases, opened_ms: openedMs, reopened_ms: Math.max(...reopened), failures, lost },
  );
} finally {
  changes?.stop();
  for (const listener of listeners) listener.close();
  await stack.stop();
  changes?.close();
}
