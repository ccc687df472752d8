import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { UserPool } from "../../cli/aws/user-pool.ts";
import { NewFeedSchema } from "../../lambdas/common/core/contract/access/feeds.ts";
import { type Key, KeySchema, NewKeySchema } from "../../lambdas/common/core/contract/access/keys.ts";
import { pageOf } from "../../lambdas/common/core/contract/page.ts";
import { WebhookDeliverySchema } from "../../lambdas/common/core/contract/webhooks/deliveries.ts";
import { CreatedWebhookSchema } from "../../lambdas/common/core/contract/webhooks/webhooks.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { makePassword } from "../../local/stack/create-users.ts";
import { nightlyScript } from "../helpers/documents/nightly-script.ts";
import { Api, apiAs } from "../helpers/e2e/api.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { fetchAgain } from "../helpers/e2e/fetch-again.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

const run = promisify(execFile);
const outputs = inject("outputs");
let world: World;
let operator: Api;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  operator = await apiAs(outputs, "operator");
  folder = await mkdtemp(join(tmpdir(), "access-"));
});
afterAll(async () => {
  world.deployed.close();
  await rm(folder, { recursive: true });
});

const makeKey = async (api: Api, scopes: readonly string[]) => {
  const { body } = await api.call("POST", "/keys", {
    body: JSON.stringify({ name: "e2e", scopes }),
    headers: { "content-type": "application/json" },
  });
  return NewKeySchema.parse(body);
};
const keysOf = async (api: Api): Promise<Key[]> => pageOf(KeySchema).parse((await api.call("GET", "/keys")).body).items;

describe("API keys", () => {
  it("let a program in within their scopes, for its owner only, until they are revoked", async () => {
    const { key, key_id } = await makeKey(world.demo, ["read"]);
    const program = new Api(outputs.apiUrl, key);
    expect((await program.call("GET", "/quota")).status).toBe(200);
    await program.refusal(403, "POST", "/catalogs", {
      body: csvOf(asinSeries("KEYS", 1)),
      headers: { "content-type": "text/csv" },
    });
    await program.refusal(403, "POST", "/operations/probes", {
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    await program.refusal(403, "GET", "/keys");
    await new Api(outputs.apiUrl, `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`).refusal(401, "GET", "/quota");
    expect((await keysOf(world.other)).some((one) => one.key_id === key_id)).toBe(false);
    await world.other.refusal(404, "DELETE", `/keys/${key_id}`);
    await waitFor(
      "the last use of the key",
      () => keysOf(world.demo),
      (keys) => keys.some((one) => one.key_id === key_id && one.last_used_at !== null),
      20,
    );
    expect((await world.demo.call("DELETE", `/keys/${key_id}`)).status).toBe(200);
    // API Gateway keeps the answer of the authorizer for a minute; with another spelling of the header it has none.
    const spelt = { headers: { authorization: `bearer ${key}` } };
    expect((await new Api(outputs.apiUrl, undefined).call("GET", "/quota", spelt)).status).toBe(401);
  });

  it("operate as long as their owner is an operator", async () => {
    const { key, key_id } = await makeKey(operator, ["operate"]);
    const program = new Api(outputs.apiUrl, key);
    // The operator's right is there: what is wrong is the request.
    await program.refusal(400, "POST", "/operations/probes", {
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    await world.demo.refusal(403, "POST", "/keys", {
      body: JSON.stringify({ name: "e2e", scopes: ["operate"] }),
      headers: { "content-type": "application/json" },
    });
    expect((await operator.call("DELETE", `/keys/${key_id}`)).status).toBe(200);
  });

  it("run the nightly job of the documents as it is written there", async () => {
    const { key, key_id } = await makeKey(world.demo, ["read", "upload"]);
    const asins = asinSeries("NGHT", 7);
    const script = join(folder, "nightly.sh");
    const input = join(folder, "products.csv");
    const output = join(folder, "enriched.csv");
    await writeFile(script, await nightlyScript());
    await writeFile(input, csvOf(asins));
    const env = { ...process.env, ENRICHLINE_API_URL: outputs.apiUrl, ENRICHLINE_API_KEY: key, POLL_SECONDS: "1" };
    const { stdout, stderr } = await run("bash", [script, input, output], { env, timeout: 600_000 });
    expect(`${stdout}${stderr}`).not.toContain(key);
    const lines = (await readFile(output, "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength(1 + asins.length);
    for (const asin of asins) expect(lines.some((line) => line.includes(asin) && line.includes("enriched"))).toBe(true);
    expect((await world.demo.call("DELETE", `/keys/${key_id}`)).status).toBe(200);
  });
});

/** A receiver on this machine that takes everything. */
const openReceiver = async () => {
  const received: { readonly body: string; readonly headers: Record<string, string> }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ body, headers: request.headers as Record<string, string> });
    response.writeHead(204).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}/hooks`, close: () => server.close() };
};

describe("webhooks", () => {
  it("tell a receiver of a run that ended, and the published library verifies it", async () => {
    const receiver = await openReceiver();
    const { body } = await world.demo.call("POST", "/webhooks", {
      body: JSON.stringify({ url: receiver.url, events: ["catalog.completed"] }),
      headers: { "content-type": "application/json" },
    });
    const { webhook_id, secret } = CreatedWebhookSchema.parse(body);
    try {
      const { catalog_id } = await world.demo.upload("text/csv", csvOf(asinSeries("HOOK", 2)));
      const verified = async () =>
        receiver.received.map(({ body: text, headers }) => ({
          id: headers["webhook-id"],
          event: new Webhook(secret).verify(text, headers) as { type: string; data: { catalog_id: string } },
        }));
      const of = (events: Awaited<ReturnType<typeof verified>>) =>
        events.filter(({ event }) => event.data.catalog_id === catalog_id);
      const [message] = of(await waitFor("the message", verified, (events) => of(events).length > 0, 120));
      expect(message?.event).toMatchObject({
        type: "catalog.completed",
        data: { state: "completed", counts: { uploaded: 2, enriched: 2, failed: 0 } },
      });
      const deliveries = async () =>
        pageOf(WebhookDeliverySchema).parse((await world.demo.call("GET", `/webhooks/${webhook_id}/deliveries`)).body)
          .items;
      const delivered = await waitFor(
        "its delivery",
        deliveries,
        (items) => items.some(({ delivery_id, state }) => delivery_id === message?.id && state === "delivered"),
        30,
      );
      expect(delivered.find(({ delivery_id }) => delivery_id === message?.id)?.log.at(-1)?.status).toBe(204);
    } finally {
      receiver.close();
      await world.demo.call("DELETE", `/webhooks/${webhook_id}`);
    }
  });
});

describe("feeds", () => {
  it("give a catalog to who has their address, and nothing once they are revoked", async () => {
    const asins = asinSeries("FEED", 3);
    const catalog = await world.demo.start(csvOf(asins));
    await world.demo.follow(catalog, { seconds: 120 });
    const feeds = `/catalogs/${catalog}/feeds`;
    const asked = { body: JSON.stringify({ name: "e2e" }), headers: { "content-type": "application/json" } };
    await world.other.refusal(404, "POST", feeds, asked);
    const made = NewFeedSchema.parse((await world.demo.call("POST", feeds, asked)).body);
    const get = (headers: Readonly<Record<string, string>> = {}) =>
      fetchAgain(`${outputs.apiUrl}${made.csv_path}`, { headers, signal: AbortSignal.timeout(60_000) });
    const first = await get();
    expect([first.status, first.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
    const lines = (await first.text()).trimEnd().split("\r\n");
    expect(lines.map((line) => line.split(",")[0])).toEqual(["asin", ...asins]);
    for (const line of lines.slice(1)) expect(line).toMatch(/,\d+\.\d\d,USD,/);
    const head = await fetchAgain(`${outputs.apiUrl}${made.csv_path}`, { method: "HEAD" });
    expect([head.status, head.headers.get("etag")]).toEqual([200, first.headers.get("etag")]);
    const unchanged = await get({ "if-none-match": first.headers.get("etag") ?? "" });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
    const { body } = await world.nobody.call("GET", made.json_path);
    expect(body).toMatchObject({ items: asins.map((asin) => ({ asin, price: expect.any(String) })) });
    expect((await world.demo.call("DELETE", `${feeds}/${made.feed_id}`)).status).toBe(200);
    await world.nobody.refusal(404, "GET", made.csv_path);
  });
});

it("who is removed has a feed that is not there, and a token that lets nobody in", async () => {
  const { userPoolId, clientId } = outputs.auth;
  const pool = new UserPool({ ...{ stage: "local", userPoolId, clientId }, config: clientConfig(outputs.emulatorUrl) });
  try {
    const joined = async (email: string): Promise<Api> => {
      const password = makePassword();
      await pool.add(email, { operator: false, password });
      return new Api(outputs.apiUrl, (await pool.signIn(email, password, async () => password)).idToken);
    };
    // What is known of a person holds for a minute, so the token of one who called nothing tells sooner.
    const [email, silent] = ["leaver@enrichline.example", "silent@enrichline.example"];
    const [leaver, unused] = [await joined(email), await joined(silent)];
    const catalog = await leaver.start(csvOf(asinSeries("GONE", 1)));
    const asked = { body: JSON.stringify({ name: "e2e" }), headers: { "content-type": "application/json" } };
    const feed = NewFeedSchema.parse((await leaver.call("POST", `/catalogs/${catalog}/feeds`, asked)).body);
    await pool.remove(email);
    await pool.remove(silent);
    await world.nobody.refusal(404, "GET", feed.csv_path);
    await unused.refusal(401, "GET", "/quota");
  } finally {
    pool.close();
  }
});
