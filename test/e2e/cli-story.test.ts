import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import * as z from "zod";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

const SCRIPT = fileURLToPath(new URL("../../cli/enrichline.ts", import.meta.url));
const PRODUCTS = 600;
const CALLS = PRODUCTS / 10;
/** The catalog is then estimated at some 40 s. */
const SLOW_CALLS_PER_SECOND = 1.5;
/** From when it moves to the resume: minutes, in which everything between must happen, also on a busy machine. */
const CRAWLING_CALLS_PER_SECOND = 0.4;
/** What is left takes minutes at this one. */
const STANDING_CALLS_PER_SECOND = 0.1;
/** The API looks at the sources' pace again after so long. */
const STANDINGS_REUSED_MS = 3_100;

/** The user's own table: columns in an order of their own, one row that is no product and one that comes twice. */
const asins = asinSeries("CLST", PRODUCTS);
const [twice = ""] = asins;
const ownRows = [
  ...asins.slice(0, 300).map((asin, index) => [`S-${index + 1}`, "keep", asin, `note ${index + 1}`]),
  ["S-bad", "keep", "no-asin", "a typing error"],
  ["S-again", "drop", twice, "the first one once more"],
  ...asins.slice(300).map((asin, index) => [`S-${index + 301}`, "keep", asin, `note ${index + 301}`]),
];
const OWN_COLUMNS = ["Shelf", "What to do", "ASIN", "Remark"];

const AnswerSchema = z.object({ structuredContent: z.record(z.string(), z.unknown()) });

/** The command as a person runs it: a process with pipes, signals and an exit code. */
class Cli {
  out = "";
  err = "";
  readonly code: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], user = "demo") {
    const env = { ...process.env, ENRICHLINE_LOCAL_DIR: inject("stateDir"), ENRICHLINE_USER: user };
    const child = spawn(process.execPath, [SCRIPT, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.err += text;
    });
    this.code = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
  }

  /** Waits until stderr shows it. */
  async shows(what: RegExp): Promise<void> {
    await waitFor(
      `${what} on stderr`,
      async () => this.err,
      (err) => what.test(err),
      60,
    );
  }

  pressCtrlC(): void {
    this.#child.kill("SIGINT");
  }
}

/** Runs a command to its end. */
const run = async (args: readonly string[], user?: string) => {
  const command = new Cli(args, user);
  const code = await command.code;
  return { code, out: command.out, err: command.err };
};

let world: World;
const atPace = (callsPerSecond: number): Promise<void> =>
  world.deployed.limits.change((item) => ({ ...item, announced_rate: callsPerSecond, guard_ms: 50 }));
let folder: string;
let file: string;
let catalogId = "";
beforeAll(async () => {
  world = await openWorld();
  // The limiter's item exists from the first call on.
  await world.demo.follow(await world.demo.start(csvOf(asinSeries("CLSW", 5))), { seconds: 60 });
  await atPace(SLOW_CALLS_PER_SECOND);
  await delay(STANDINGS_REUSED_MS);
  folder = await mkdtemp(join(tmpdir(), "enrichline-story-"));
  file = join(folder, "autumn list.csv");
  await writeFile(file, [OWN_COLUMNS, ...ownRows].map((row) => row.join(";")).join("\n"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  world.deployed.close();
});

const statusOf = async () => JSON.parse((await run(["status", catalogId, "--json"])).out);

describe("a new user with a catalog, at the command line", () => {
  it("first asks what it will take: rows, calls, time, finish, day, tokens, money; and nothing is stored", async () => {
    await world.upstream.begin();
    const before = (await world.demo.catalogs()).length;
    const { code, out } = await run(["upload", file, "--dry-run"]);
    expect(code).toBe(0);
    expect(out).toContain(`Rows      ${PRODUCTS} valid, 1 bad, 1 duplicates\n`);
    expect(out).toContain(`Fresh     0 of ${PRODUCTS} products are fresh already`);
    expect(out).toContain(`Calls     creators-api ${CALLS}\n`);
    expect(out).toMatch(/Time {6}about 4\d s, ends (today|tomorrow) at \d\d:\d\d local time\n/);
    expect(out).toMatch(/Day {7}\d+\.\d+% of the day's allowance\n/);
    expect(out).toContain("Keepa     0 tokens\n");
    expect(out).toMatch(/Money {5}\$0\.0\d+ for AWS\n/);
    expect(out).toMatch(/302 +no-asin +\S/);
    expect(out).toContain("Dry run: nothing was stored.");
    expect((await world.demo.catalogs()).length).toBe(before);
    expect((await world.upstream.calls()).total).toBe(0);
  });

  it("uploads it, sees it move, and Ctrl-C leaves it going", async () => {
    const upload = new Cli(["upload", file]);
    await upload.shows(/\] \d+% {2}[1-9]\d*\/600 {2}\d+ enriched/);
    await atPace(CRAWLING_CALLS_PER_SECOND);
    upload.pressCtrlC();
    expect(await upload.code).toBe(130);
    const [, id = ""] =
      /The run continues without this window\. Watch it with: enrichline watch (\S+)/.exec(upload.err) ?? [];
    catalogId = id;
    expect(catalogId).toMatch(/^cat_/);
    expect(upload.out).toContain(`Rows      ${PRODUCTS} valid, 1 bad, 1 duplicates\n`);
    expect(upload.out).toContain(`enrichline rejected ${catalogId}`);
    expect(upload.out + upload.err).not.toContain("\u001b");
    const [, shown = ""] = /(\d+)\/600 {2}\d+ enriched(?![\s\S]*\/600)/.exec(upload.err) ?? [];
    const later = await world.demo.follow(catalogId, {
      seconds: 60,
      until: ({ counts }) => counts.enriched > Number(shown),
    });
    expect(later.state).toBe("running");
  });

  it("is overtaken by a second user's 20 products", async () => {
    const small = join(folder, "few.csv");
    await writeFile(small, csvOf(asinSeries("CLSO", 20)));
    const { code, out } = await run(["upload", small], "other");
    // No further call is needed until the pace is given back.
    await atPace(STANDING_CALLS_PER_SECOND);
    expect(code).toBe(0);
    expect(out).toContain("State     completed");
    expect(out).toContain("Products  20: 20 enriched, 0 failed, 0 pending, 0 cancelled");
    const { state, counts } = await statusOf();
    expect(state).toBe("running");
    expect(counts.pending).toBeGreaterThan(0);
    expect((await run(["status", catalogId], "other")).code).toBe(4);
  });

  it("takes the run up with watch, pauses it, resumes it and sees it end", async () => {
    const watch = new Cli(["watch", catalogId]);
    await watch.shows(/\/600 {2}\d+ enriched/);
    const paused = await run(["pause", catalogId]);
    expect(paused.code).toBe(0);
    expect(paused.out).toContain("State     paused");
    expect(paused.out).toContain(`Next      enrichline resume ${catalogId}`);
    await watch.shows(/\/600 .* paused\n/);
    expect(await statusOf()).toMatchObject({ state: "paused", counts: { pending: expect.any(Number) } });
    expect((await run(["pause", catalogId])).code).toBe(2);

    // Nothing more needs time.
    await world.deployed.limits.change(({ announced_rate: _rate, ...item }) => item);
    const resumed = await run(["resume", catalogId]);
    expect(resumed.code).toBe(0);
    expect(resumed.out).toContain("State     running");
    expect(await watch.code).toBe(0);
    expect(watch.err).toContain(`100%  ${PRODUCTS}/${PRODUCTS}`);
    expect(watch.out).toContain("State     completed");
    expect(watch.out).toContain(`Products  ${PRODUCTS}: ${PRODUCTS} enriched, 0 failed, 0 pending, 0 cancelled`);
  });

  it("lists the rows that were not accepted", async () => {
    const { code, out } = await run(["rejected", catalogId]);
    expect(code).toBe(0);
    expect(out).toMatch(/^line {2}value +reason\n302 +no-asin +\S.*\n$/);
    expect(JSON.parse((await run(["rejected", catalogId, "--json"])).out)).toMatchObject({
      items: [{ line: 302, value: "no-asin" }],
      next_cursor: null,
    });
  });

  it("exports it with the own columns in the own order, results beside them", async () => {
    const target = join(folder, "result.csv");
    const { code, out } = await run(["export", catalogId, "--format", "csv", "-o", target]);
    expect(code).toBe(0);
    expect(out).toContain(`${ownRows.length} rows in ${target}`);
    const table: string[][] = parse(await readFile(target), { bom: true, record_delimiter: "\r\n" });
    const [header = [], ...rows] = table;
    expect(header.slice(0, OWN_COLUMNS.length + 1)).toEqual([...OWN_COLUMNS, "state"]);
    expect(rows.map((row) => row.slice(0, OWN_COLUMNS.length))).toEqual(ownRows);
    const states = rows.map((row) => row[OWN_COLUMNS.length]);
    expect(states.filter((state) => state === "enriched")).toHaveLength(PRODUCTS);
    expect(states.slice(300, 302)).toEqual(["rejected", "duplicate"]);
    const titles = rows.map((row) => row[header.indexOf("title")]);
    expect(titles.filter((title) => title === "")).toEqual([titles[300]]);
  });

  it("gets the same report of a file over 1 MB: valid, bad and doubled rows, page by page", async () => {
    const [known = ""] = asins;
    const wrong = Array.from({ length: 120 }, (_, index) => `wrong-${index + 1}`);
    const doubled = Array.from({ length: 30_000 }, (_, index) => `${known},a remark of some length ${index}`);
    const large = join(folder, "large.csv");
    await writeFile(large, ["asin,remark", ...wrong, ...doubled].join("\n"));
    const { code, out, err } = await run(["upload", large]);
    expect(code).toBe(0);
    expect(err).toContain("sent");
    expect(out).toContain("Rows      1 valid, 120 bad, 29999 duplicates\n");
    expect(out).toMatch(/\n2 +wrong-1 +\S/);
    const [, id = ""] = /and 110 more\nShow them all, now or later: enrichline rejected (\S+)\n/.exec(out) ?? [];
    const first = await run(["rejected", id, "--limit", "100"]);
    expect(first.out.split("\n")).toHaveLength(100 + 2);
    const [, cursor = ""] = /More: repeat with --cursor (\S+)/.exec(first.err) ?? [];
    const second = await run(["rejected", id, "--limit", "100", "--cursor", cursor]);
    expect(second.out).toMatch(/^line .*\n102 +wrong-101 /);
    expect(second.out).toMatch(/\n121 +wrong-120 .*\n$/);
    expect(second.err).not.toContain("--cursor");
  });
});

describe("their assistant, over MCP", () => {
  it("previews a list, uploads it once they agreed, follows it, and exports it", async () => {
    const mine = join(folder, "assistant");
    await mkdir(mine);
    await writeFile(join(mine, "few.csv"), csvOf(asinSeries("CLSM", 5)));
    const client = new Client({ name: "story", version: "1" });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [SCRIPT, "mcp", "--allow-folder", mine],
        env: { PATH: process.env.PATH ?? "", ENRICHLINE_LOCAL_DIR: inject("stateDir") },
        stderr: "ignore",
      }),
    );
    const call = async (name: string, input: Record<string, unknown>) =>
      AnswerSchema.parse(await client.callTool({ name, arguments: input }, undefined, { timeout: 600_000 }))
        .structuredContent;
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("products");
      const { confirm, ...preview } = await call("preview", { file: "few.csv" });
      expect(preview).toMatchObject({ total_products: 5, estimate: { calls: { "creators-api": 1 } } });
      const uploaded = await call("upload", { file: "few.csv", confirm, wait_seconds: 600 });
      expect(uploaded).toMatchObject({ outcome: "done", status: { state: "completed", counts: { enriched: 5 } } });
      const { catalog_id } = uploaded;
      expect(await call("failures", { catalog_id })).toMatchObject({ items: [], next_cursor: null });
      const exported = await call("export", { catalog_id });
      expect(parse(await readFile(String(exported.file)), { columns: true })).toHaveLength(5);
      expect((await call("list", { limit: 1 })).items).toMatchObject([{ catalog_id }]);
      expect(await call("doctor", { source: "creators-api" })).toMatchObject({ sources: [{ ok: true }] });
    } finally {
      await client.close();
    }
  });
});
