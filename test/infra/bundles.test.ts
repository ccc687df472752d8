import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { BUNDLE_FILE, LOCAL_FILE } from "../../lib/bundling/bundle-files.ts";
import { bundleRooms, functionRooms } from "../../lib/bundling/bundle-rooms.ts";
import { REPOSITORY_ROOT } from "../../local/layout.ts";
import { preparedBundles } from "../helpers/suite/prepared-bundles.ts";
import { functionsOf } from "./stage/resources.ts";
import { synthesizedStage } from "./stage/synth-stage.ts";

/** What each bundle may weigh, in KB of 1,024 bytes: a little more than it does. Raise one knowingly. */
const BUDGETS_KB: Readonly<Record<string, number>> = {
  "authorize-requests": 560,
  "catalogs-api": 860,
  "products-api": 935,
  "operations-api": 975,
  "enrich-batch": 910,
  "handle-dead-letters": 560,
  "ingest-catalog": 605,
  "dispatch-batches": 505,
  "export-catalog": 530,
  "publish-events": 520,
  "accept-requests": 620,
  "react-to-outcomes": 500,
  reconcile: 530,
  "sweep-expired": 480,
  "live-connections": 560,
  "broadcast-changes": 540,
  "deliver-webhooks": 560,
  "assemble-product": 490,
  "sweep-staging": 430,
  "shop-api": 560,
  "plan-refresh": 560,
  "refresh-products": 885,
};

const { Pipeline, Shop, Api } = synthesizedStage("prod").templates;
const environments = new Map(
  [Pipeline, Shop, Api]
    .flatMap((template) => [...functionsOf(template).values()])
    .map(({ Environment: { Variables } }) => [String(Variables.POWERTOOLS_SERVICE_NAME), Variables] as const),
);

/** What only a deploy knows, and is checked for its form. */
const WITH_A_FORM: Readonly<Record<string, string>> = {
  USER_POOL_ID: "eu-central-1_AbCdEfGhI",
  LETTER_SOURCES: '{"enrich":["dlq","queue","logs"]}',
};

/** The room's variables; an address stands for what only a deploy knows, since it passes for a name too. */
const environmentOf = (room: string): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(environments.get(room) ?? {}).map(([name, value]) => [
      name,
      typeof value === "string" ? value : (WITH_A_FORM[name] ?? "https://deploy.invalid/value"),
    ]),
  ),
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
});

const run = promisify(execFile);
let folder: string;
/** Made by the whole suite, for other parts of it too. */
const prepared = preparedBundles();

/** Loads a room's bundle in a process of its own, as Lambda does, and gives what `expression` makes of its `handler`. */
const inBundle = async (room: string, expression: string): Promise<unknown> => {
  const address = pathToFileURL(join(folder, room, BUNDLE_FILE)).href;
  // The answer comes last: requests log a line each.
  const script = `const { handler } = await import(${JSON.stringify(address)}); console.log("\\n" + JSON.stringify(await (${expression})));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { env: environmentOf(room) });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
};

const AnswerSchema = z.object({ statusCode: z.number(), body: z.string() });

/** What the bundle of an HTTP room answers to a GET of a signed-in user. */
const get = async (room: string, path: string, query = ""): Promise<{ status: number; body: unknown }> => {
  const event = {
    version: "2.0",
    routeKey: `GET ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: { host: "api.invalid" },
    requestContext: {
      requestId: "request-0001",
      domainName: "api.invalid",
      http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      authorizer: { lambda: { via: "person", user_id: "user-1", username: "anna", groups: "" } },
    },
    isBase64Encoded: false,
  };
  const answer = AnswerSchema.parse(await inBundle(room, `handler(${JSON.stringify(event)}, {})`));
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
};

beforeAll(async () => {
  folder = prepared ?? (await mkdtemp(join(tmpdir(), "bundles-")));
  if (prepared === undefined) await bundleRooms(folder);
});

afterAll(async () => {
  if (prepared === undefined) await rm(folder, { recursive: true });
});

describe("the bundle of every function", () => {
  it("is made of each deployed room, and has a budget", () => {
    expect(functionRooms()).toEqual([...environments.keys()].sort());
    expect([...environments.keys()].sort()).toEqual(Object.keys(BUDGETS_KB).sort());
  });

  it.each(Object.entries(BUDGETS_KB))("%s is at most %i KB", async (room, budget) => {
    const { size } = await stat(join(folder, room, BUNDLE_FILE));
    expect(Math.ceil(size / 1024)).toBeLessThanOrEqual(budget);
  });

  it.each(Object.keys(BUDGETS_KB))("%s starts with the variables of its function", async (room) => {
    expect(await inBundle(room, "typeof handler")).toBe("function");
  });
});

it("the emulator's entry is made for stage local alone", async () => {
  const made = async (...more: readonly string[]): Promise<string[]> => {
    const outdir = await mkdtemp(join(tmpdir(), "bundle-"));
    try {
      const main = join(REPOSITORY_ROOT, "lib/bundling/bundle-function.ts");
      await run(process.execPath, [main, "sweep-staging", outdir, ...more]);
      return (await readdir(outdir)).sort();
    } finally {
      await rm(outdir, { recursive: true });
    }
  };
  expect(await made()).toEqual(["index.mjs", "index.mjs.map"]);
  expect(await made("local")).toEqual(["index.mjs", "index.mjs.map", "local.mjs"]);
});

it("the entry of the emulator ends an invocation with an empty line, also one that fails", async () => {
  const address = pathToFileURL(join(folder, "sweep-staging", LOCAL_FILE)).href;
  const context = { awsRequestId: "request-1", memoryLimitInMB: "512" };
  const script = `const { handler } = await import(${JSON.stringify(address)}); await handler(null, ${JSON.stringify(context)}).catch(() => {});`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...environmentOf("sweep-staging"), AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
  });
  expect(stdout).toMatch(/^\n$|\n\n$/);
});

describe("what was left out of the bundles", () => {
  it("does not keep operations-api from serving the OpenAPI document", async () => {
    const { status, body } = await get("operations-api", "/api/v1/openapi.json");
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: "3.1.0", paths: { "/api/v1/catalogs": { get: expect.anything() } } });
  });

  it("does not keep catalogs-api from checking requests and saying what is wrong in English", async () => {
    const { status, body } = await get("catalogs-api", "/api/v1/catalogs", "cursor=");
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: "invalid_request",
      errors: [
        { field: "cursor", problem: expect.stringContaining("expected string") },
        { field: "cursor", problem: "must be a next_cursor" },
      ],
    });
  });
});
