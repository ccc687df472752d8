import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import * as z from "zod";
import { type Network, NetworkSchema } from "../local/upstreams/shared/server/network.ts";
import { callsInSlots, spread, useOf } from "./rate-use/arrivals.ts";
import { type LineResult, measureLine } from "./rate-use/deployed-line.ts";
import { NAIVE_WAYS } from "./rate-use/naive-ways.ts";
import { isUsed } from "./rate-use/slot-log.ts";
import { staticBest } from "./rate-use/static-pace.ts";
import { verdictOf } from "./rate-use/verdict.ts";
import { Report } from "./shared/report.ts";

/*
 * How much of the allowed upstream rate the deployed line uses, and how often it breaks it, over each simulated network, once
 * quiet and once with status pollers and an ingest beside: `node bench/rate-use.ts --calls 300`.
 * `--networks good,bad`, `--loads quiet`: only these; `--together`: the networks on stacks side by side, which is quicker
 * and busier. Each measurement has a stack of its own, whose first call is as cold as a stack can be. Beside it run two
 * ways without a limiter, `throttle` and `delay`, each against a strict simulator of its own over the same network.
 */

const LOADS = ["quiet", "busy"] as const;
type Load = (typeof LOADS)[number];

const WORDS = {
  line: "deployed line",
  throttle: "throttle in each worker",
  delay: "fixed delay in each worker",
} as const;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "300" },
    networks: { type: "string", default: NetworkSchema.options.join(",") },
    loads: { type: "string", default: LOADS.join(",") },
    rate: { type: "string", default: "1" },
    latency: { type: "string", default: "150" },
    workers: { type: "string", default: "10" },
    express: { type: "string", default: "20" },
    pollers: { type: "string", default: "6" },
    "poll-every": { type: "string", default: "500" },
    rows: { type: "string", default: "20000" },
    seeds: { type: "string", default: "1000" },
    together: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const count = z.coerce.number().int().positive();
const calls = count.min(2).parse(values.calls);
const rate = z.coerce.number().positive().parse(values.rate);
const networks = z.array(NetworkSchema).parse(values.networks.split(","));
const loads = z.array(z.enum(LOADS)).parse(values.loads.split(","));
const latencyMs = z.coerce.number().min(0).parse(values.latency);
const workers = count.parse(values.workers);
const expressProducts = count.parse(values.express);
const busy = {
  pollers: count.parse(values.pollers),
  pollEveryMs: count.parse(values["poll-every"]),
  rows: count.parse(values.rows),
};
const seeds = count.parse(values.seeds);

/** One measurement with what it was measured under. */
interface Measured {
  readonly network: Network;
  readonly load: Load;
  /** Of the machine, mean of a minute, before and after. */
  readonly machineLoad: readonly [number, number];
  readonly result: LineResult;
}

const parameters = { calls, rate, latency_ms: latencyMs, workers, networks, loads, together: values.together, ...busy };
const report = new Report("rate-use", { ...parameters, express_products: expressProducts }, values.json);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const loadNow = (): number => loadavg()[0] ?? 0;

const measure = async (network: Network, load: Load): Promise<Measured> => {
  const before = loadNow();
  const shared = { network, rate, latencyMs, calls, workers, expressProducts };
  const result = await measureLine(load === "busy" ? { ...shared, busy } : shared);
  const use = useOf(result.line, rate);
  report.say(
    `${network}, ${load}: ${percent(use.share)}, ${use.refused} × 429; machine at load ${loadNow().toFixed(1)}`,
  );
  return { network, load, machineLoad: [before, loadNow()], result };
};

const measureAll = async (): Promise<Measured[]> => {
  const measured: Measured[] = [];
  for (const load of loads) {
    if (values.together) measured.push(...(await Promise.all(networks.map((network) => measure(network, load)))));
    else for (const network of networks) measured.push(await measure(network, load));
  }
  return measured;
};

const rowsOf = ({ network, load, machineLoad, result }: Measured, best: number) => {
  const { line, naive, slots } = result;
  const inSlots = callsInSlots(slots.filter(isUsed), line);
  const of = (way: keyof typeof WORDS) => {
    const use = useOf(way === "line" ? line : naive[way], rate);
    return {
      ...{ network, load, way: WORDS[way], answered: use.answered, "429": use.refused, other: use.other },
      "share of the rate": percent(use.share),
      "best at zero 429": percent(best),
      "most in a second": use.mostInASecond,
    };
  };
  const timed = {
    "arrival − slot ms: p50 / p95 / max": spread(inSlots.map(({ arrivedAfterMs }) => arrivedAfterMs)),
    "sent − slot ms: p50 / p95 / max": spread(inSlots.map(({ sentAfterMs }) => sentAfterMs)),
    "slots given back": slots.filter((slot) => !isUsed(slot)).length,
    "machine load": machineLoad.map((value) => value.toFixed(1)).join(" → "),
  };
  return [{ ...of("line"), ...timed }, ...NAIVE_WAYS.map(of)];
};

const bests = new Map(networks.map((network) => [network, staticBest({ network, rate, calls }, seeds)]));
const bestOf = (network: Network) => bests.get(network) ?? { half: Number.NaN, safe: Number.NaN };
const measured = await measureAll();
const verdicts = measured.map(({ network, load, result }) => {
  const { share, refused } = useOf(result.line, rate);
  const { goal, isReached } = verdictOf(network, { share, refused }, bestOf(network).half);
  return `${network}, ${load}: ${isReached ? "reached" : "MISSED"} (${goal})`;
});
report.finish(
  measured.flatMap((one) => rowsOf(one, bestOf(one.network).half)),
  [
    ...networks.map((network) => {
      const { half, safe } = bestOf(network);
      return `${network}: an even pace without a 429 in ${calls} calls reaches ${percent(half)} in half of ${seeds} seeds, ${percent(safe)} in 95 of 100`;
    }),
    ...verdicts,
    ...measured.flatMap(({ network, load, result: { line, slots, neighbours } }) => {
      const missing = line.length - callsInSlots(slots.filter(isUsed), line).length;
      const beside = neighbours
        ? [`${neighbours.statuses} statuses read, ${neighbours.files} files of ${busy.rows} rows`]
        : [];
      const unknown = missing > 0 ? [`slots of ${missing} calls are not in the log`] : [];
      return [...beside, ...unknown].map((words) => `${network}, ${load}: ${words}`);
    }),
  ],
  { bests: Object.fromEntries(bests), measured },
);
