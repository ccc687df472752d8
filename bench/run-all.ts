import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stopOnSignal } from "./shared/stop-on-signal.ts";

/*
 * Runs every benchmark, one after the other: `npm run bench`, or some: `npm run bench -- --only fill,latency`. Each is a process of
 * its own and prints its table; `--json` makes each print one line of JSON instead; `--help` of this file says how long
 * they take.
 */

/** In this order; minutes on two idle cores. */
const BENCHES = [
  { name: "ingest", minutes: 2, what: "ingest of 1,000,000 CSV rows beside bare csv-parse" },
  { name: "latency", minutes: 2, what: "upload to first product, cold starts, bundle sizes" },
  {
    name: "look-up",
    minutes: 1,
    what: "a look-up and a bulk of 50 from the table, beside bare reads of the same rows",
  },
  { name: "fill", minutes: 3, what: "ids per upstream call, 200 catalogs of 7 products" },
  { name: "fairness", minutes: 5, what: "ten small users beside one with 50,000 products" },
  {
    name: "rate-use",
    minutes: 36,
    what: "share of the allowed rate used by the deployed line, over three networks, quiet and busy",
  },
  { name: "refresh", minutes: 2, what: "a week of the daily refresh beside the plain rule, 5,000 to 200,000 products" },
  { name: "shop", minutes: 2, what: "pairs a second through the shop line beside a bare consumer" },
  { name: "live", minutes: 5, what: "a change to its 2,000 listeners, beside a bare broadcast" },
  { name: "growth", minutes: 25, what: "requests and cost per product, 1,000 to 1,000,000 products" },
] as const;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const wanted = values.only?.split(",");
const unknown = wanted?.filter((name) => !BENCHES.some((bench) => bench.name === name)) ?? [];
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no benchmark ${unknown.join(", ")}; there are:`);
  for (const { name, minutes, what } of BENCHES) console.log(`${name.padEnd(10)} about ${minutes} min  ${what}`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const failed: string[] = [];
  let child: ChildProcess | undefined;
  // The running one cleans up after itself; this one waits for it and starts no other.
  stopOnSignal(async () => {
    const running = child;
    if (!running || running.exitCode !== null) return;
    const gone = once(running, "exit");
    running.kill("SIGINT");
    await gone;
  });
  for (const { name, what } of BENCHES) {
    if (wanted && !wanted.includes(name)) continue;
    console.error(`\n== ${name}: ${what}`);
    const script = join(import.meta.dirname, `${name}.ts`);
    child = spawn(process.execPath, [script, ...(values.json ? ["--json"] : [])], { stdio: "inherit" });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
