import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../../../cli/program.ts";
import type { SourceCheck } from "../../../lambdas/common/core/contract/operations/probes.ts";
import { aSourceQuota } from "./answers.ts";
import { type AwsCall, type AwsReply, startFakeAws } from "./fake-aws.ts";
import { NO_INPUT } from "./no-input.ts";

const KEY = "k".repeat(64);
let home: string;
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "enrichline-stage-"));
  // The SDK reads these itself; without them it would look for a machine's role over the network.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await stop?.();
  stop = undefined;
  await rm(home, { recursive: true, force: true });
});

const start = async (reply: (call: AwsCall) => AwsReply | undefined) => {
  const aws = await startFakeAws((call) => reply(call) ?? { error: "UnexpectedCall", message: call.name });
  stop = aws.close;
  const cli = async (args: readonly string[], input: { answers?: string[]; stdin?: string; nowMs?: number } = {}) => {
    let out = "";
    let err = "";
    const asked: { question: string; hidden: boolean }[] = [];
    const code = await runCli([...args, "--stage", "dev"], {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      live: false,
      env: { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "eu-central-1", XDG_CONFIG_HOME: home },
      fetch,
      now: () => input.nowMs ?? 0,
      sleep: async () => {},
      interrupted: new AbortController().signal,
      canAsk: input.answers !== undefined,
      ask: async (question, options = {}) => {
        asked.push({ question, hidden: options.hidden ?? false });
        return input.answers?.shift() ?? "";
      },
      readInput: async () => input.stdin ?? "",
      run: NO_INPUT.run,
      paint: (_, text) => text,
    });
    return { code, out, err, asked };
  };
  return { ...aws, cli };
};

const tokens = (idToken: string): AwsReply => ({
  body: { AuthenticationResult: { IdToken: idToken, RefreshToken: "refresh", ExpiresIn: 3600 } },
});
const check = (changes: Partial<SourceCheck> = {}): SourceCheck => ({
  source: "keepa",
  state: "ok",
  ok: true,
  reason: "Keepa accepts the key and answers.",
  next_step: "",
  marketplace: "www.amazon.com",
  checks: [
    { name: "credentials shape", ok: true, detail: "All fields are there." },
    { name: "one call", ok: true, detail: "It answered." },
  ],
  ...changes,
});

describe("credentials", () => {
  const signedIn = async (reply: (call: AwsCall) => AwsReply | undefined) => {
    const world = await start((call) => (call.name === "InitiateAuth" ? tokens("operator") : reply(call)));
    await world.cli(["login", "--user", "op@example.com"], { stdin: "Pass-word-1234" });
    return world;
  };

  it("set stores JSON from stdin under the stage's secret, tests it and never shows it", async () => {
    const { cli, calls } = await signedIn(({ name }) => {
      if (name === "PutSecretValue") return { body: { VersionId: "v1" } };
      return name === "POST /operations/probes" ? { body: check() } : undefined;
    });
    const { code, out, err } = await cli(["credentials", "set", "keepa"], {
      stdin: JSON.stringify({ key: ` ${KEY} ` }),
    });
    expect(code).toBe(0);
    expect(out).toContain("They work. Keepa accepts the key and answers.");
    expect(out + err).not.toContain(KEY);
    const put = calls.find(({ name }) => name === "PutSecretValue");
    expect(put?.input).toMatchObject({ SecretId: "enrichline/dev/keepa", SecretString: JSON.stringify({ key: KEY }) });
    expect(calls.at(-1)).toMatchObject({ input: { source: "keepa" }, authorization: "Bearer operator" });
  });

  it("set asks value by value, hides the secret ones, keeps stored ones on Enter, and asks again after nonsense", async () => {
    const stored = {
      account: "mine",
      credential_version: "3.1",
      client_id: "id",
      client_secret: "old-secret",
      partner_tags: { "www.amazon.com": "us-20" },
    };
    const { cli, calls } = await signedIn(({ name }) => {
      if (name === "DescribeSecret") return { body: { Name: "x", LastChangedDate: 1_700_000_000 } };
      if (name === "GetSecretValue") return { body: { SecretString: JSON.stringify(stored), VersionId: "v1" } };
      if (name === "PutSecretValue") return { body: { VersionId: "v2" } };
      return name === "POST /operations/probes" ? { body: check({ source: "creators-api" }) } : undefined;
    });
    const answers = ["", "9.9", "3.2", "", "new-secret", "mars=tag-1", "de=mine-21, us = mine-20"];
    const { code, out, err, asked } = await cli(["credentials", "set", "creators-api"], { answers });
    expect(code).toBe(0);
    expect(asked.filter(({ hidden }) => hidden).map(({ question }) => question)).toEqual([
      "Secret [Enter keeps what is stored]: ",
    ]);
    expect(err).toContain("Invalid option");
    expect(err).toContain('unknown marketplace "mars"');
    const put = calls.find(({ name }) => name === "PutSecretValue");
    expect(JSON.parse(String(put?.input.SecretString))).toEqual({
      account: "mine",
      credential_version: "3.2",
      client_id: "id",
      client_secret: "new-secret",
      partner_tags: { "www.amazon.de": "mine-21", "www.amazon.com": "mine-20" },
    });
    expect(out + err).not.toMatch(/old-secret|new-secret/);
  });

  it("set refuses what is not of the source's shape, names the fields, repeats no value and stores nothing", async () => {
    const { cli, calls } = await signedIn(() => undefined);
    const secret = JSON.stringify({ client_id: "id", client_secret: "very-secret-1", region: "mars-secret" });
    const { code, out, err } = await cli(["credentials", "set", "sp-api"], { stdin: secret });
    expect(code).toBe(2);
    expect(err).toMatch(/refresh_token: is missing/);
    expect(err).toMatch(/region: Invalid option: expected one of "na"\|"eu"\|"fe"/);
    expect(out + err).not.toMatch(/very-secret-1|mars-secret/);
    expect(calls.some(({ name }) => name === "PutSecretValue")).toBe(false);
    expect((await cli(["credentials", "set", "keepa"], { stdin: KEY })).err).toContain("must be one JSON object");
  });

  it("set ends with 1 and the next step when they do not work", async () => {
    const bad = check({
      ok: false,
      reason: "Keepa does not accept this key.",
      next_step: "Copy the key.",
      state: "paused",
    });
    const { cli } = await signedIn(({ name }) =>
      name === "PutSecretValue" ? { body: {} } : name === "POST /operations/probes" ? { body: bad } : undefined,
    );
    const { code, out } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(1);
    expect(out).toContain("They do not work yet. Keepa does not accept this key.\nCopy the key.");
  });

  it("set says that they are stored when the person may not test them", async () => {
    const { cli } = await signedIn(({ name }) =>
      name === "PutSecretValue"
        ? { body: {} }
        : { status: 403, body: { detail: "Only members of the group operators may do this.", code: "forbidden" } },
    );
    const { code, err } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(3);
    expect(err).toContain("The credentials are stored, but could not be tested: Only members");
  });

  it("set says how to make the place that an earlier version did not", async () => {
    const { cli } = await signedIn(() => ({ error: "ResourceNotFoundException" }));
    const { code, err } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(4);
    expect(err).toContain("Deploy it again: npx enrichline deploy --stage dev");
  });

  it("status names what is missing and shows no value", async () => {
    const { cli } = await signedIn(({ name, input }) => {
      const Tags = [{ Key: "enrichline:asked", Value: input.SecretId === "enrichline/dev/sp-api" ? "no" : "yes" }];
      if (name === "DescribeSecret") return { body: { Name: "x", LastChangedDate: 1_785_542_400, Tags } };
      if (input.SecretId === "enrichline/dev/keepa") return { body: { SecretString: JSON.stringify({ key: KEY }) } };
      if (input.SecretId === "enrichline/dev/paapi") return { body: { SecretString: '{"access_key":"AK-SECRET"}' } };
      return { error: "ResourceNotFoundException" };
    });
    const { code, out } = await cli(["credentials", "status"]);
    expect(code).toBe(1);
    expect(out).toMatch(/creators-api +missing +enrichline credentials set creators-api/);
    expect(out).toMatch(/paapi +incomplete +secret_key is missing; partner_tags is missing/);
    expect(out).toMatch(/sp-api +not enabled/);
    expect(out).toMatch(/keepa +stored +changed 2026-08-01/);
    expect(out).not.toMatch(/AK-SECRET|kkkk/);
    expect((await cli(["credentials", "status", "keepa"])).code).toBe(0);
  });

  it("remove leaves nothing behind, not even as the value before the last", async () => {
    const { cli, calls } = await signedIn(({ name }) => (name === "PutSecretValue" ? { body: {} } : undefined));
    expect((await cli(["credentials", "remove", "keepa"])).code).toBe(0);
    const puts = calls.filter(({ name }) => name === "PutSecretValue").map(({ input }) => input.SecretString);
    expect(puts).toEqual(["{}", "{}"]);
  });

  it("doctor shows each step, the reason and what to do, and ends with 1", async () => {
    const creators = check({
      source: "creators-api",
      ok: false,
      state: "paused",
      reason: "The partner tag is wrong.",
      next_step: "Find the tag.",
      checks: [
        { name: "credentials shape", ok: true, detail: "All fields are there." },
        { name: "token", ok: true, detail: "An access token was issued." },
        { name: "one call", ok: false, detail: "InvalidPartnerTag: The partner tag is wrong." },
      ],
    });
    const sources = [aSourceQuota("creators-api"), aSourceQuota("keepa")];
    const quota = { sources, timestamp: "2026-08-01T00:00:00.000Z" };
    const { cli } = await signedIn(({ name, input }) => {
      if (name === "GET /quota") return { body: quota };
      return { body: input.source === "keepa" ? check() : creators };
    });
    const { code, out } = await cli(["doctor"]);
    expect(code).toBe(1);
    expect(out).toMatch(/creators-api +ok +ok +FAILED +paused/);
    expect(out).toMatch(/keepa +ok +- +ok +ok/);
    expect(out).toContain("creators-api: The partner tag is wrong.\n  What to do: Find the tag.");
    const one = await cli(["doctor", "--source", "keepa", "--json"]);
    expect(one.code).toBe(0);
    expect(JSON.parse(one.out)).toEqual({ sources: [check()], account: null });
  });
});
