import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { nightlyScript } from "../helpers/documents/nightly-script.ts";

/*
 * The nightly job of docs/automation.md, as it stands there, against an API of a few lines. test/e2e/access.test.ts runs it against
 * the deployed one.
 */

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}
/** Answers by method and path, in turn; the last one stays. */
type Answers = Readonly<Record<string, readonly Answer[]>>;

/** A script that waits without end is ended then. */
const LONGEST_MS = 120_000;
/** Stands for the address of the API in an answer. */
const HERE = "http://here.invalid";
const KEY = "ek_of_nobody";
const CATALOG = { "POST /catalogs": [{ status: 202, body: { catalog_id: "cat_1" } }] };
const RUN = { "GET /catalogs/cat_1/status": [{ body: { state: "running" } }, { body: { state: "completed" } }] };
const EXPORT = { "POST /catalogs/cat_1/exports": [{ status: 202, body: { export_id: "exp_1" } }] };
const WAITING = { "GET /exports/exp_1": [{ body: { state: "queued", download_url: null } }] };

let folder: string;
let server: Server | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nightly-"));
  await writeFile(join(folder, "nightly.sh"), await nightlyScript());
  await writeFile(join(folder, "in.csv"), "asin\nB000000001\n");
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => void server?.close());

/** Runs the script until it ends by itself; a test that waits too long fails. */
const run = async (answers: Answers, also: Readonly<Record<string, string>> = {}) => {
  const asked = new Map<string, number>();
  let api = "";
  server = createServer((request, response) => {
    const name = `${request.method} ${request.url?.split("?")[0]}`;
    const count = asked.get(name) ?? 0;
    asked.set(name, count + 1);
    const known = answers[name] ?? [{ status: 404, body: { code: "not_found" } }];
    const { status = 200, body } = known[count] ?? known.at(-1) ?? { body: "" };
    const said = typeof body === "string" ? body : JSON.stringify(body).replaceAll(HERE, api);
    request.resume().on("end", () => response.writeHead(status).end(said));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const out = join(folder, "out.csv");
  await rm(out, { force: true });
  const bash = spawn("bash", [join(folder, "nightly.sh"), join(folder, "in.csv"), out], {
    env: { PATH: process.env.PATH, ENRICHLINE_API_URL: api, ENRICHLINE_API_KEY: KEY, POLL_SECONDS: "0", ...also },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LONGEST_MS,
  });
  const [stdout, stderr, [code]] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, "close")]);
  expect(stdout + stderr).not.toContain(KEY);
  return { code, stderr, file: await readFile(out, "utf8").catch(() => undefined) };
};

it("the nightly job fetches the export, also when the API is away for a moment", async () => {
  const away = { status: 503, body: { code: "unavailable" } };
  const answers: Record<string, Answer[]> = { ...CATALOG, ...EXPORT, "GET /file": [{ body: "asin,state\n" }] };
  answers["GET /catalogs/cat_1/status"] = [away, ...RUN["GET /catalogs/cat_1/status"]];
  answers["GET /exports/exp_1"] = [
    ...WAITING["GET /exports/exp_1"],
    { body: { state: "ready", download_url: `${HERE}/file` } },
  ];
  const { code, stderr, file } = await run(answers);
  expect({ code, file, stderr }).toMatchObject({ code: 0, file: "asin,state\n" });
});

it.each<[string, Answers, RegExp]>([
  ["a key that is refused", { "POST /catalogs": [{ status: 401, body: { code: "unauthorized" } }] }, /unauthorized/],
  [
    "a key that is revoked while it waits",
    {
      ...CATALOG,
      "GET /catalogs/cat_1/status": [{ body: { state: "running" } }, { status: 401, body: { code: "revoked" } }],
    },
    /revoked/,
  ],
  ["a catalog that is deleted while it waits", { ...CATALOG }, /not_found/],
  [
    "a file that cannot be used",
    { ...CATALOG, "GET /catalogs/cat_1/status": [{ body: { state: "ingest_failed", failure: "no ASIN" } }] },
    /the file cannot be used: no ASIN/,
  ],
  [
    "an export that failed",
    {
      ...{ ...CATALOG, ...RUN, ...EXPORT },
      "GET /exports/exp_1": [{ body: { state: "failed", download_url: null, failure: "it broke" } }],
    },
    /the export failed: it broke/,
  ],
  ["an export that is gone", { ...CATALOG, ...RUN, ...EXPORT }, /not_found/],
])("the nightly job ends with its reason for %s", async (_, answers, reason) => {
  const { code, stderr, file } = await run(answers);
  expect({ code, file }).toEqual({ code: 1, file: undefined });
  expect(stderr).toMatch(reason);
});

it.each<[string, Answers]>([
  ["a run", { ...CATALOG, "GET /catalogs/cat_1/status": [{ body: { state: "paused" } }] }],
  [
    "an export",
    { ...CATALOG, ...EXPORT, ...WAITING, "GET /catalogs/cat_1/status": [{ body: { state: "cancelled" } }] },
  ],
])("the nightly job gives %s up that does not end", async (_, answers) => {
  const { code, stderr } = await run(answers, { MAX_SECONDS: "0" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/is still (paused|queued) after/);
});
