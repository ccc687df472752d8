import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListSecretsCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import * as z from "zod";
import { pageOf } from "../../lambdas/common/core/contract/page.ts";
import { ProductAnswerSchema } from "../../lambdas/common/core/contract/products/product.ts";
import { cursorKeyOf, KEY_ID_BYTES } from "../../lambdas/common/platform/http/cursor-key.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { layoutOf } from "../../local/layout.ts";
import { OutputsSchema, readOutputs, USER_NAMES } from "../../local/outputs.ts";
import { isPortFree } from "../../local/process/ports.ts";
import { isAlive } from "../../local/process/process-identity.ts";
import { findRunning } from "../../local/stack/find-running.ts";
import { putSecrets } from "../../local/stack/put-secrets.ts";
import { type RunFile, readRunFile } from "../../local/stack/run-file.ts";
import { startStack } from "../../local/stack/start-stack.ts";
import { LOCAL_NEXT_CREDENTIALS } from "../../local/upstreams/local-credentials.ts";
import { Api, apiAs } from "../helpers/e2e/api.ts";
import { type LocalCommand, localCommand } from "../helpers/e2e/local-command.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";
import { tokenFor } from "../helpers/local-stack.ts";

const outputs = inject("outputs");
const layout = layoutOf(inject("stateDir"));

const claimsOf = (token: string): unknown => {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
};

test("the outputs file holds what its readers rely on", () => {
  expect(readOutputs(layout.outputsFile)).toEqual(OutputsSchema.parse(outputs));
  expect(Object.keys(outputs.queues)).toEqual(expect.arrayContaining(["enrich", "enrich-express"]));
  expect(Object.keys(outputs.tables)).toEqual(
    expect.arrayContaining(["enrichment-status", "products", "upstream-limits", "failures", "operations"]),
  );
  expect(Object.keys(outputs.upstreams)).toContain("creators-api");
});

test("all three users can sign in and use the API, and only the operator is in the group", async () => {
  for (const name of USER_NAMES) {
    const token = await tokenFor(outputs, name);
    const response = await fetch(`${outputs.apiUrl}/catalogs`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    const { "cognito:groups": groups = [] } = z
      .object({ "cognito:groups": z.array(z.string()).optional() })
      .parse(claimsOf(token));
    expect(groups.includes("operators")).toBe(name === "operator");
  }
});

test("a forged token and a missing one are refused", async () => {
  const token = await tokenFor(outputs, "demo");
  const [header, , signature] = token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...z.object({}).loose().parse(claimsOf(token)), sub: "somebody-else" }));
  for (const bearer of [`${header}.${forged.toString("base64url")}.${signature}`, undefined]) {
    const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
    expect((await fetch(`${outputs.apiUrl}/catalogs`, { headers: new Headers(headers) })).status).toBe(401);
  }
});

test("the gateway's own origin may call the API from a browser, another may not", async () => {
  const preflight = async (origin: string): Promise<string | null> => {
    const headers = { origin, "access-control-request-method": "POST" };
    const response = await fetch(`${outputs.apiUrl}/catalogs`, { method: "OPTIONS", headers });
    return response.headers.get("access-control-allow-origin");
  };
  expect(await preflight(new URL(outputs.consoleUrl).origin)).toBe(new URL(outputs.consoleUrl).origin);
  expect(await preflight("http://elsewhere.example")).toBeNull();
});

test("what the API does not have is a problem like every other, with or without a token", async () => {
  for (const api of [await apiAs(outputs, "demo"), new Api(outputs.apiUrl, undefined)]) {
    for (const [method, path] of [
      ["GET", "/nope"],
      // Another spelling of a path that asks for a token must not lead past it.
      ["GET", "/quota/"],
    ] as const) {
      expect(await api.refusal(404, method, path)).toMatchObject({
        ...{ status: 404, code: "not_found", title: "Not Found" },
        correlation_id: expect.stringMatching(/./),
      });
    }
    expect(await api.refusal(405, "PUT", "/catalogs")).toMatchObject({ status: 405, code: "method_not_allowed" });
  }
});

test("a second start in the same folder leaves the running stack alone", async () => {
  await expect(
    startStack({ layout, products: { keepNulls: false }, ports: { gateway: 0, emulator: 0 }, show: "nothing" }),
  ).rejects.toThrow(/running .* already/);
  expect((await findRunning(layout)).state).toBe("running");
  expect(existsSync(join(layout.dir, "outputs.json"))).toBe(true);
});

test("a second npm run local finds the stack that runs, tells where it is and leaves it as it is", async () => {
  const before = readRunFile(layout.runFile);
  const second = localCommand("start", layout.dir);
  expect(await second.ended).toBe(0);
  expect(second.output()).toContain(outputs.apiUrl);
  expect(second.output()).toContain("It was running already");
  expect(readRunFile(layout.runFile)).toEqual(before);
  expect(await findRunning(layout)).toMatchObject({ state: "running", outputs });
  expect((await fetch(`${outputs.apiUrl}/health`)).status).toBe(200);
});

describe("a stack of its own process", () => {
  const USUAL_PORTS = [8787, 4566];
  const own = layoutOf(mkdtempSync(join(tmpdir(), "enrichline-test-")));
  const takers: Server[] = [];
  let start: LocalCommand | undefined;

  /** Takes a port, unless somebody has it already: either way it is taken. */
  const take = (port: number): Promise<void> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve());
      server.listen(port, "127.0.0.1", () => {
        takers.push(server);
        resolve();
      });
    });

  const portsOf = (run: RunFile): number[] =>
    [run.gateway_url, run.emulator_url].flatMap((url) => (url === null ? [] : [Number(new URL(url).port)]));

  /** Waits until the start has come so far. */
  const untilRun = async (what: string, isThere: (run: RunFile) => boolean): Promise<RunFile> => {
    const read = async () => ({ run: readRunFile(own.runFile), output: start?.output() });
    const { run } = await waitFor(what, read, (seen) => seen.run !== undefined && isThere(seen.run), 120);
    if (!run) throw new Error("there is no run file");
    return run;
  };

  /** Another suite beside may have got the port for a moment. */
  const untilFree = (port: number) =>
    waitFor(
      `port ${port} to be free`,
      () => isPortFree(port),
      (isFree) => isFree,
      30,
    );

  const expectNothingLeft = async (run: RunFile): Promise<void> => {
    expect(run.children.map(({ name }) => name).sort()).toEqual(["the emulator", "the upstream simulators"]);
    expect(run.children.filter(({ identity }) => isAlive(identity))).toEqual([]);
    expect(isAlive(run.main)).toBe(false);
    for (const file of [own.runFile, own.outputsFile, own.tempDir]) expect(existsSync(file), file).toBe(false);
    expect(portsOf(run)).toHaveLength(2);
    for (const port of portsOf(run)) await untilFree(port);
    expect((await findRunning(layout)).state).toBe("running");
  };

  beforeAll(async () => {
    for (const port of USUAL_PORTS) await take(port);
  });
  afterAll(async () => {
    // Only what a test that failed left running.
    start?.signal("SIGINT");
    await start?.ended;
    for (const server of takers) server.close();
    rmSync(own.dir, { recursive: true, force: true });
  });

  test("is stopped by npm run local:stop while it starts, and a stop of nothing says so", async () => {
    start = localCommand("start", own.dir);
    const run = await untilRun("both children to run", ({ children }) => children.length === 2);
    const stop = localCommand("stop", own.dir);
    expect(await stop.ended, stop.output()).toBe(0);
    expect(stop.output()).toContain("The local stack is stopped");
    expect(await start.ended).toBe(130);
    await expectNothingLeft(run);
    const again = localCommand("stop", own.dir);
    expect(await again.ended).toBe(0);
    expect(again.output()).toContain("No local stack runs.");
  });

  /** Secrets get new values, as an owner puts them. A minute later every reader uses those. */
  const expectSecretsToRotate = async (): Promise<void> => {
    const { emulatorUrl, tables, ...rest } = readOutputs(own.outputsFile);
    const api = await apiAs({ emulatorUrl, tables, ...rest }, "demo");
    const secrets = new SecretsManagerClient(clientConfig(emulatorUrl));
    const dynamo = new DynamoDBClient(clientConfig(emulatorUrl));
    /** Access tokens, each of one credential and one version of its secret. */
    const tokenCount = async (): Promise<number | undefined> => {
      const filter = { FilterExpression: "begins_with(limit_key, :tokens)" };
      const values = { ExpressionAttributeValues: { ":tokens": { S: "token#creators-api#" } } };
      return (await dynamo.send(new ScanCommand({ TableName: tables["upstream-limits"], ...filter, ...values }))).Count;
    };
    const firstPage = async () => {
      const { body } = await api.call("GET", "/products", { query: { limit: "1" } });
      const cursor = pageOf(ProductAnswerSchema).parse(body).next_cursor ?? "";
      return { cursor, keyId: Buffer.from(cursor, "base64url").subarray(1, 1 + KEY_ID_BYTES) };
    };
    for (const asin of ["B0CR7G9V56", "B08DQQ8CBP"]) await api.call("GET", `/products/${asin}/enhanced`);
    const before = await firstPage();
    expect(await tokenCount()).toBe(1);

    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    const ofCursors = SecretList.find(({ Description }) => Description?.startsWith("Seals the cursors"));
    const value = randomBytes(48).toString("base64");
    await secrets.send(new PutSecretValueCommand({ SecretId: ofCursors?.ARN, SecretString: value }));
    await putSecrets(emulatorUrl, { "creators-api": LOCAL_NEXT_CREDENTIALS });
    const moved = localCommand("clock", own.dir, "+60s");
    expect(await moved.ended, moved.output()).toBe(0);

    const { id } = cursorKeyOf(value);
    await waitFor("cursors of the new key", firstPage, ({ keyId }) => keyId.equals(id), 10);
    expect(before.keyId.equals(id)).toBe(false);
    expect((await api.call("GET", "/products", { query: { limit: "1", cursor: before.cursor } })).status).toBe(200);
    const fetched = await api.call("GET", "/products/B0CR7G9V56/enhanced", { query: { real_time: "true" } });
    expect(ProductAnswerSchema.parse(fetched.body).provenance.title?.source).toBe("creators-api");
    expect(await tokenCount()).toBe(2);
    secrets.destroy();
    dynamo.destroy();
  };

  /** A day is over for the stack: what Amazon's API gave of a product may not be given out any more. */
  const expectADayToPass = async (): Promise<void> => {
    const api = await apiAs(readOutputs(own.outputsFile), "demo");
    const productAt = async (path: string) => ProductAnswerSchema.parse((await api.call("GET", path)).body);
    const fetched = await productAt("/products/B0CR7G9V56/enhanced");
    expect(fetched).toMatchObject({ title: expect.any(String), expired_at: null });
    const fetchedAt = fetched.provenance.title?.fetched_at;
    const moved = localCommand("clock", own.dir, "+25h");
    expect(await moved.ended, moved.output()).toBe(0);
    expect(moved.output()).toContain("90060 s ahead");
    const ended = await waitFor(
      "the functions to see the time",
      () => productAt("/products/B0CR7G9V56"),
      ({ expired_at, provenance }) => expired_at !== null || provenance.title?.fetched_at !== fetchedAt,
      10,
    );
    // The hourly plan may have fetched it anew already; what is a day old is given out in no case.
    if (ended.expired_at === null) expect(ended.provenance.title?.fetched_at).not.toBe(fetchedAt);
    else expect(ended).toMatchObject({ title: null, current_price: null, status: fetched.status });
    // The simulator sees it too: the token that it gave a day ago is over, and it takes the new one.
    expect((await productAt("/products/B0CR7G9V56/enhanced")).title).toBe(fetched.title);
    const back = localCommand("clock", own.dir, "-1h");
    expect(await back.ended).toBe(1);
  };

  test("starts on free ports when the usual ones are taken, rotates secrets, lets a day pass, and Ctrl-C ends all of it and nothing else", async () => {
    start = localCommand("start", own.dir);
    const run = await untilRun("the stack to be ready", ({ state }) => state === "ready");
    expect(portsOf(run).filter((port) => USUAL_PORTS.includes(port))).toEqual([]);
    await waitFor(
      "its last line",
      async () => start?.output() ?? "",
      (text) => text.includes("Press Ctrl-C"),
      10,
    );
    const { apiUrl, upstreams } = readOutputs(own.outputsFile);
    expect((await fetch(`${apiUrl}/health`)).status).toBe(200);
    await expectSecretsToRotate();
    await expectADayToPass();
    start.signal("SIGINT");
    expect(await start.ended, start.output()).toBe(0);
    await expectNothingLeft(run);
    for (const { url } of Object.values(upstreams)) await untilFree(Number(new URL(url).port));
  });
});
