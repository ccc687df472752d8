import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { Listener } from "./live/listener.ts";
import { measureBare } from "./live/measure-bare.ts";
import { asins, isDone } from "./shared/bench-api.ts";
import { startBenchStack } from "./shared/bench-stack.ts";
import { Report } from "./shared/report.ts";
import { quantile, seconds } from "./shared/statistics.ts";

/*
 * How soon a change reaches those who watch it, through the deployed stack, beside a bare `ws` broadcast of as many messages at the
 * same pace to as many connections: `node bench/live.ts --connections 2000 --catalogs 50`. Halfway all connections are lost
 * and come back within `--burst` seconds. One listener of each catalog reads nothing. At the end every listener must
 * know the last state of its catalog.
 */

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "2000" },
    catalogs: { type: "string", default: "50" },
    products: { type: "string", default: "400" },
    rate: { type: "string", default: "20" },
    burst: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const [connections, catalogs] = [count.parse(values.connections), count.parse(values.catalogs)];
const [products, rate, burst] = [count.parse(values.products), count.parse(values.rate), count.parse(values.burst)];
/** Connections that are opened at the same time. */
const OPENING = 20;
/** After the last change nobody has to wait longer than this for it, milliseconds; far more than the goal. */
const SETTLE_MS = 20_000;
/** Of a `catalog_progress`. */
const MESSAGE_BYTES = 230;

const report = new Report("live", { connections, catalogs, products, rate, burst }, values.json);
const stack = await startBenchStack(rate);
const listeners: Listener[] = [];
try {
  const [user] = await stack.users(1);
  if (!user) throw new Error("no user");
  const ids: string[] = [];
  for (let n = 0; n < catalogs; n += 1) ids.push(await user.upload(asins(products, n * products)));
  for (const id of ids) await user.until(id, isDone, 500);
  const url = stack.outputs.webSocketUrl;
  for (let n = 0; n < connections; n += 1)
    listeners.push(new Listener(url, ids[n % catalogs] ?? "", () => user.ticket()));
  const began = performance.now();
  const unopened = listeners.values();
  await Promise.all(
    Array.from({ length: OPENING }, async () => {
      // One iterator for all: each takes the next.
      for (const listener of unopened) await listener.open();
    }),
  );
  const openedMs = performance.now() - began;
  report.say(`${connections} connections open after ${seconds(openedMs)}`);
  // The slow readers: what is sent to them piles up, and nobody waits for it.
  const slow = listeners.slice(0, catalogs);
  const readers = listeners.slice(catalogs);
  for (const listener of slow) listener.stopReading();

  const left = async (): Promise<number> =>
    (await Promise.all(ids.map((id) => user.status(id)))).reduce((sum, { counts }) => sum + counts.pending, 0);
  // Only now: everybody is to see a whole run.
  for (const id of ids) await user.enrichAgain(id);
  const all = catalogs * products;
  const pushedFrom = performance.now();
  while ((await left()) > all / 2) await delay(500);
  const beforeBurst = readers.flatMap(({ pushedAfterMs }) => pushedAfterMs);
  const pushedMs = performance.now() - pushedFrom;
  report.say(`halfway: ${beforeBurst.length} messages in ${seconds(pushedMs)}; every connection is lost`);
  const burstBegan = performance.now();
  const reopened: number[] = [];
  for (const listener of readers) listener.drop();
  await Promise.all(
    readers.map(async (listener, index) => {
      await delay((index / readers.length) * burst * 1_000);
      await listener.open();
      reopened.push(performance.now() - burstBegan);
    }),
  );
  for (const id of ids) await user.until(id, isDone, 500);
  const finals = new Map(await Promise.all(ids.map(async (id) => [id, await user.status(id)] as const)));
  const isCurrent = ({ last }: Listener): boolean =>
    last !== undefined && finals.get(last.catalog_id)?.sequence === last.sequence;
  const endMs = Date.now() + SETTLE_MS;
  while (!readers.every(isCurrent) && Date.now() < endMs) await delay(200);
  const lost = readers.filter((listener) => !isCurrent(listener)).length;
  const pushed = readers.flatMap(({ pushedAfterMs }) => pushedAfterMs);
  const failures = readers.reduce((sum, listener) => sum + listener.failures, 0);
  for (const listener of listeners) listener.close();

  const perSecond = beforeBurst.length / (pushedMs / 1_000);
  const texts = Math.max(1, Math.round(beforeBurst.length / readers.length));
  const bare = await measureBare({
    ...{ connections: readers.length, texts, intervalMs: pushedMs / texts, bytes: MESSAGE_BYTES },
  });
  const ms = (list: readonly number[], share: number): number => Math.round(quantile(list, share));
  const line = { messages: pushed.length, "p50 ms": ms(pushed, 0.5), "p95 ms": ms(pushed, 0.95) };
  report.finish(
    [
      { way: "deployed line", ...line, "max ms": ms(pushed, 1) },
      {
        way: "before the burst",
        ...{ messages: beforeBurst.length, "p50 ms": ms(beforeBurst, 0.5) },
        "p95 ms": ms(beforeBurst, 0.95),
      },
      {
        way: "bare broadcast",
        messages: bare.length,
        "p50 ms": ms(bare, 0.5),
        "p95 ms": ms(bare, 0.95),
        "max ms": ms(bare, 1),
      },
    ],
    [
      `${perSecond.toFixed(0)} messages a second to ${readers.length} readers; ${slow.length} connections read nothing`,
      `all were back ${seconds(Math.max(...reopened))} after the loss, with ${failures} failed tries; ${lost} do not know the last state of their catalog`,
      "goals: p95 at most 1,000 ms from the commit to the arrival; nobody without the last state",
    ],
  );
} finally {
  for (const listener of listeners) listener.close();
  await stack.stop();
}
