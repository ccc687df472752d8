import { afterEach, describe, expect, it, vi } from "vitest";
import { ArrivalsSchema } from "../../../../../../bench/rate-use/arrivals.ts";
import { startKeepaSimulator } from "../../../../../../local/upstreams/keepa/server.ts";
import { createProductSource } from "../../../../../../local/upstreams/shared/products/product-source.ts";
import { seededRandom } from "../../../../../../local/upstreams/shared/seeded-random.ts";
import { ArrivalQueue } from "../../../../../../local/upstreams/shared/server/arrival-queue.ts";
import { openingMs, wayMs } from "../../../../../../local/upstreams/shared/server/network.ts";
import type { RunningSimulator } from "../../../../../../local/upstreams/shared/server/simulator.ts";

const drawn = (draw: (random: ReturnType<typeof seededRandom>) => number): number[] => {
  const random = seededRandom("network test");
  return Array.from({ length: 40_000 }, () => draw(random)).sort((one, other) => one - other);
};
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

describe("a link", () => {
  it.each([
    ["good", 20, 60],
    ["bad", 40, 200],
  ] as const)(
    "that is %s lets half of the requests arrive within %i ms and 99 %% within %i ms",
    (network, p50, p99) => {
      const ways = drawn((random) => wayMs(network, random)).filter((ms) => ms !== 400);
      expect(quantile(ways, 0.5) / p50).toBeCloseTo(1, 1);
      expect(quantile(ways, 0.99) / p99).toBeCloseTo(1, 1);
    },
  );

  it("that is bad holds up one request of a hundred for 400 ms", () => {
    const ways = drawn((random) => wayMs("bad", random));
    expect(ways.filter((ms) => ms === 400).length / ways.length).toBeCloseTo(0.01, 2);
  });

  it.each([
    ["none", 0],
    ["good", 60],
    ["bad", 150],
  ] as const)("that is %s opens no connection in less than %i ms", (network, least) => {
    const times = drawn((random) => openingMs(network, random));
    expect(Math.min(...times)).toBe(least);
    if (network !== "none") expect(Math.max(...times)).toBeGreaterThan(least + 20);
  });
});

describe("arrivals", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("come in the order of their times, not of their sending, and at once without a delay", () => {
    vi.useFakeTimers();
    const queue = new ArrivalQueue();
    const seen: [string, number][] = [];
    const add = (name: string, sentMs: number, delayMs: number): void =>
      queue.add(sentMs, delayMs, (atMs) => seen.push([name, atMs]));
    add("now", 0, 0);
    add("slow", 0, 400);
    add("quick", 10, 20.5);
    add("same time", 10, 20.5);
    expect(seen).toEqual([["now", 0]]);
    vi.advanceTimersByTime(1_000);
    expect(seen).toEqual([
      ["now", 0],
      ["quick", 30.5],
      ["same time", 30.5],
      ["slow", 400],
    ]);
  });
});

describe("a simulator", () => {
  const running: RunningSimulator[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  });

  const start = async (): Promise<RunningSimulator> => {
    const simulator = await startKeepaSimulator({ products: createProductSource() });
    running.push(simulator);
    return simulator;
  };
  const behave = ({ controlUrl }: RunningSimulator, network: string): Promise<Response> =>
    fetch(`${controlUrl}/behaviour`, { method: "POST", body: JSON.stringify({ network }) });

  it("takes a network by its control routes, refuses an unknown one, and is back at none after a reset", async () => {
    const simulator = await start();
    expect((await behave(simulator, "satellite")).status).toBe(400);
    expect(await (await behave(simulator, "bad")).json()).toMatchObject({ network: "bad" });
    await fetch(`${simulator.controlUrl}/reset`, { method: "POST" });
    expect(await (await fetch(`${simulator.controlUrl}/behaviour`)).json()).toMatchObject({ network: "none" });
  });

  it.each(["good", "bad"])("answers over a link that is %s as it does without one", async (network) => {
    const simulator = await start();
    const ask = async () => {
      const response = await fetch(`${simulator.url}/product?key=wrong&domain=1&asin=B000000001`);
      return { status: response.status, body: await response.json() };
    };
    const here = await ask();
    await behave(simulator, network);
    const there = await ask();
    expect(there.status).toBe(here.status);
    const seen = await (await fetch(`${simulator.controlUrl}/calls`)).json();
    expect(seen).toMatchObject({ total: 2 });
  });

  it("lists when each call was sent and when it arrived, and forgets them with a reset", async () => {
    const simulator = await start();
    const { url, controlUrl } = simulator;
    const arrivals = async () => ArrivalsSchema.parse(await (await fetch(`${controlUrl}/arrivals`)).json());
    const ask = () => fetch(`${url}/product?key=wrong&domain=1&asin=B000000001`);
    const { status } = await ask();
    await behave(simulator, "good");
    await ask();
    const [here, there] = await arrivals();
    expect(here).toMatchObject({ status: String(status), sent_ms: here?.arrived_ms });
    expect(there?.arrived_ms).toBeGreaterThan(there?.sent_ms ?? Number.NaN);
    await fetch(`${controlUrl}/reset`, { method: "POST" });
    expect(await arrivals()).toEqual([]);
  });
});
