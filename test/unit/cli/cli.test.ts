import { writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { aLicensedProduct } from "../../helpers/products.ts";
import { aCatalog, aCatalogProduct, aSourceQuota } from "./harness/answers.ts";
import { CATALOG_ID, runThrough, startFakeApi, status } from "./harness/fake-api.ts";
import { localHarness } from "./harness/harness.ts";

const { start, cli, pathOf } = localHarness();
let file: string;
beforeEach(async () => {
  file = pathOf("mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
});

describe("failures", () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 4],
    [409, 2],
    [415, 2],
    [500, 5],
    [503, 5],
  ])("HTTP %i ends with exit code %i and the API's own words", async (http, expected) => {
    await start(() => ({
      status: http,
      body: { detail: "The words.", code: "some_code", errors: [{ field: "f", problem: "p" }] },
    }));
    const { code, err, out } = await cli(["status", CATALOG_ID]);
    expect(code).toBe(expected);
    expect(err).toContain("error: The words.\n  f: p");
    expect(out).toBe("");
  });

  it("are JSON with --json", async () => {
    await start(() => ({ status: 404, body: { detail: "None.", code: "not_found" } }));
    const { out } = await cli(["status", CATALOG_ID, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      error: { exit_code: 4, message: "None.", problem: { code: "not_found" } },
    });
  });

  it.each([
    [["upload", "--json"], "missing required argument 'file'"],
    [["upload", "x.csv", "--batch-size", "3", "--json"], "It must be 5 to 50, or auto."],
    [["upload", "x.csv", "--encoding", "koi8-r", "--json"], "It must be one of utf-8"],
    [["--json", "catalogs", "--colour"], "unknown option '--colour'"],
    [["uplaod", "--json"], "unknown command 'uplaod'"],
    [["--json"], "Name a command"],
    [["users", "--json"], "Name a command"],
  ])("of usage, such as %j, are the same JSON document", async (args, words) => {
    const { code, out } = await cli(args);
    expect(code).toBe(2);
    const { error } = JSON.parse(out);
    expect(error).toEqual({ exit_code: 2, message: expect.stringContaining(words), problem: null });
    expect(error.message).not.toMatch(/^error:/);
  });

  it("of usage stay off stdout without --json", async () => {
    const { code, out, err } = await cli(["upload", "--", "--json", "x"]);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain("error: too many arguments");
  });

  it("--help is none, also with --json", async () => {
    const { code, out } = await cli(["upload", "--json", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Usage: enrichline upload");
  });

  it("say how to start the local stack when it was never started", async () => {
    const { code, err } = await cli(["catalogs"]);
    expect(code).toBe(5);
    expect(err).toContain("Start it with: npm run local");
  });

  it("say how to start the local stack when it no longer answers", async () => {
    const api = await start(() => ({ status: 200, body: {} }));
    await api.close();
    const { code, err } = await cli(["catalogs"]);
    expect(code).toBe(5);
    expect(err).toContain("does not answer");
    expect(err).toContain("npm run local");
  });

  it("of signing in end with 3", async () => {
    const api = await startFakeApi(() => ({ status: 400, body: { __type: "NotAuthorizedException" } }));
    onTestFinished(api.close);
    await writeFile(
      pathOf("outputs.json"),
      JSON.stringify({
        apiUrl: `${api.url}/api/v1`,
        emulatorUrl: api.url,
        auth: { region: "r", userPoolId: "p", clientId: "c" },
        users: { demo: { username: "demo", password: "wrong" } },
      }),
    );
    expect((await cli(["token"])).code).toBe(3);
  });

  it("no command at all is wrong usage", async () => {
    expect((await cli([])).code).toBe(2);
  });
});

describe("targets", () => {
  it.each([
    [["catalogs", "--stage", "Not a stage"], "cannot be a stage"],
    [["catalogs", "--profile", "mine"], "--stage dev"],
  ])("%j is wrong usage", async (args, words) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it("ENRICHLINE_API_URL and ENRICHLINE_TOKEN name a deployment", async () => {
    const api = await start(() => ({ status: 200, body: { items: [], next_cursor: null } }));
    const env = { ENRICHLINE_API_URL: `${api.url}/api/v1/`, ENRICHLINE_TOKEN: "mine" };
    const { code, out, err } = await cli(["--stage", "dev", "catalogs"], { env });
    expect(code).toBe(0);
    expect(err).toContain(`target: dev (${api.url}/api/v1)`);
    expect(out).toContain("No catalogs yet");
    expect(api.seen.at(-1)?.headers.authorization).toBe("Bearer mine");
  });

  it("without a token it is a sign-in failure", async () => {
    const { code, err } = await cli(["catalogs"], { env: { ENRICHLINE_API_URL: "http://127.0.0.1:9/api/v1" } });
    expect(code).toBe(3);
    expect(err).toContain("ENRICHLINE_TOKEN");
  });
});

describe("reading commands", () => {
  it("token prints the token alone on stdout", async () => {
    const api = await start(() => ({ status: 200, body: {} }));
    expect((await cli(["token"])).out).toBe("local-token\n");
    expect(JSON.parse(api.seen[0]?.body.toString() ?? "")).toEqual({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: "client",
      AuthParameters: { USERNAME: "demo", PASSWORD: "secret" },
    });
  });

  it("signs in anew when the token has run out", async () => {
    let calls = 0;
    const api = await start(() => {
      calls += 1;
      return calls === 1
        ? { status: 401, body: { detail: "expired", code: "unauthorized" } }
        : { status: 200, body: status("completed", 20, 0) };
    });
    expect((await cli(["status", CATALOG_ID])).code).toBe(0);
    expect(api.seen.filter(({ path }) => path === "/")).toHaveLength(2);
  });

  it("status says the state of a run and ends with 1 when products failed", async () => {
    await start(() => ({ status: 200, body: status("completed_with_failures", 18, 2) }));
    const { code, out } = await cli(["status", CATALOG_ID]);
    expect(code).toBe(1);
    expect(out).toContain("20: 18 enriched, 2 failed, 0 pending, 0 cancelled");
  });

  it("watch follows a run to its end", async () => {
    const api = await start(runThrough(status("running", 5, 0), status("running", 15, 0), status("completed", 20, 0)));
    expect((await cli(["watch", CATALOG_ID])).code).toBe(0);
    expect(api.seen.filter(({ path }) => path.endsWith("/status"))).toHaveLength(3);
  });

  it("catalogs lists them and tells of further pages", async () => {
    const counts = { pending: 15, enriched: 5, failed: 0, cancelled: 0 };
    const item = aCatalog({ state: "running", total_products: 20, counts });
    await start(() => ({ status: 200, body: { items: [item], next_cursor: "next" } }));
    const { out, err } = await cli(["catalogs"]);
    expect(out).toMatch(/cat_0123456789abcdef +running +5\/20/);
    expect(err).toContain("--cursor next");
  });

  it("products lists them with price and title", async () => {
    const product = aLicensedProduct({
      title: "A lamp",
      current_price: "12.50",
      currency: "EUR",
      availability_type: "in_stock",
    });
    const item = aCatalogProduct({
      asin: "B07CXG6C9W",
      state: "enriched",
      source: "keepa",
      product,
    });
    const api = await start(() => ({ status: 200, body: { items: [item], next_cursor: null } }));
    const { out } = await cli(["products", CATALOG_ID, "--state", "enriched"]);
    expect(out).toMatch(/B07CXG6C9W +enriched +keepa +12.50 EUR +in_stock +A lamp/);
    expect(api.seen.at(-1)?.query).toMatchObject({ state: "enriched", limit: "50" });
  });

  it("keeps with --json what only a newer server says", async () => {
    const item = { ...aCatalog(), owner: "ann" };
    await start(() => ({ status: 200, body: { items: [item], next_cursor: null, total: 1 } }));
    const { out } = await cli(["catalogs", "--json"]);
    expect(JSON.parse(out)).toEqual({ items: [item], next_cursor: null, total: 1 });
  });

  it("quota shows each source and the next step where something is wrong", async () => {
    const quota = aSourceQuota("keepa", { reason: "No key is stored.", next_step: "Store the key." });
    await start(() => ({ status: 200, body: { sources: [quota], timestamp: "2026-08-01T00:00:00.000Z" } }));
    const { code, out } = await cli(["quota"]);
    expect(code).toBe(0);
    expect(out).toContain("keepa: No key is stored.\n  What to do: Store the key.");
  });
});
