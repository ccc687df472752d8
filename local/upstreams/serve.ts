import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { followOffset } from "../../lambdas/common/core/clock-offset.ts";
import { startCreatorsApiSimulator } from "./creators-api/server.ts";
import { startKeepaSimulator } from "./keepa/server.ts";
import { startPaapiSimulator } from "./paapi/server.ts";
import { startProductPageSimulator } from "./product-page/server.ts";
import { readProductFile } from "./shared/products/product-file.ts";
import { createProductSource } from "./shared/products/product-source.ts";
import type { RunningSimulator, SimulatorOptions } from "./shared/server/simulator.ts";
import { startSpApiSimulator } from "./sp-api/server.ts";

const STARTERS: Readonly<Record<string, (options: SimulatorOptions) => Promise<RunningSimulator>>> = {
  "creators-api": startCreatorsApiSimulator,
  paapi: startPaapiSimulator,
  keepa: startKeepaSimulator,
  "sp-api": startSpApiSimulator,
  "product-page": startProductPageSimulator,
};

/** Switches by source id; each simulator checks its own. */
const BehavioursSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

const USAGE = `node local/upstreams/serve.ts [options]
  --only a,b            sources to start, of ${Object.keys(STARTERS).join(", ")} (default: all)
  --products FILE       products to serve, NDJSON or NDJSON.gz; others are made up
  --keep-nulls          leave what a row lacks empty instead of making it up
  --seed TEXT           what made-up products depend on
  --ports a=N,b=N       fixed ports; a-control=N and a-tls=N for the other two ports of a source
  --host ADDRESS        address to listen on (default 127.0.0.1)
  --behaviour FILE      JSON {"<source id>": {switches}} that hold from the start and after a reset
  --clock-file PATH     follows the milliseconds in it, by which all clocks run ahead; none while there is no such file
  --ports-file PATH     written when all is ready: {"<source id>": {url, controlUrl, tlsUrl?, certificate?}}`;

const numbersByName = (text: string | undefined): ReadonlyMap<string, number> => {
  const entries = (text ?? "")
    .split(",")
    .filter(Boolean)
    .map((pair): [string, number] => {
      const [name = "", port = ""] = pair.split("=");
      if (!/^\d{1,5}$/.test(port)) throw new Error(`--ports: "${pair}" is not NAME=PORT`);
      return [name, Number(port)];
    });
  return new Map(entries);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      products: { type: "string" },
      "keep-nulls": { type: "boolean", default: false },
      seed: { type: "string", default: "enrichline" },
      ports: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      behaviour: { type: "string" },
      "clock-file": { type: "string" },
      "ports-file": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void console.log(USAGE);
  const names = values.only?.split(",").filter(Boolean) ?? Object.keys(STARTERS);
  const ports = numbersByName(values.ports);
  const behaviours = values.behaviour ? BehavioursSchema.parse(JSON.parse(readFileSync(values.behaviour, "utf8"))) : {};
  const rows = values.products ? await readProductFile(values.products) : undefined;
  const products = createProductSource({
    ...(rows ? { rows } : {}),
    keepNulls: values["keep-nulls"],
    seed: values.seed,
  });
  const clockFile = values["clock-file"];
  const stackAheadMs =
    clockFile === undefined
      ? undefined
      : followOffset(
          () => (existsSync(clockFile) ? readFileSync(clockFile, "utf8") : ""),
          () => performance.now(),
        );
  const running = new Map<string, RunningSimulator>();
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((simulator) => simulator.close()));
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  for (const name of names) {
    const start = STARTERS[name];
    if (!start)
      throw new Error(`--only: there is no simulator "${name}"; there is ${Object.keys(STARTERS).join(", ")}`);
    const behaviour = behaviours[name];
    const simulator = await start({
      port: ports.get(name) ?? 0,
      controlPort: ports.get(`${name}-control`) ?? 0,
      tlsPort: ports.get(`${name}-tls`) ?? 0,
      host: values.host,
      products,
      seed: values.seed,
      ...(behaviour ? { behaviour } : {}),
      ...(stackAheadMs ? { stackAheadMs } : {}),
    });
    running.set(name, simulator);
  }
  const report = Object.fromEntries(
    [...running].map(([name, { url, tlsUrl, controlUrl, certificate }]) => [
      name,
      { url, controlUrl, ...(tlsUrl ? { tlsUrl } : {}), ...(certificate ? { certificate } : {}) },
    ]),
  );
  const path = values["ports-file"];
  if (path) {
    // Written aside and moved, so that a reader never sees half a file.
    writeFileSync(`${path}.part`, `${JSON.stringify(report, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  }
  for (const [name, { url, controlUrl }] of running) console.log(`${name} ${url} control ${controlUrl}`);
};

main().catch((error: unknown) => {
  if (error instanceof z.ZodError) console.error(`--behaviour: ${z.prettifyError(error)}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
