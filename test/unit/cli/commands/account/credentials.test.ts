import { describe, expect, it } from "vitest";
import type { SourceCheck } from "../../../../../lambdas/common/core/contract/operations/probes.ts";
import { aSourceQuota } from "../../harness/answers.ts";
import type { AwsCall, AwsReply } from "../../harness/fake-aws.ts";
import { stageHarness, tokens } from "../../harness/stage-harness.ts";

const KEY = "k".repeat(64);
const { start } = stageHarness();

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
    await world.devCli(["login", "--user", "op@example.com"], { stdin: "Pass-word-1234" });
    return world;
  };

  it("set stores JSON from stdin under the stage's secret, tests it and never shows it", async () => {
    const { devCli: cli, calls } = await signedIn(({ name }) => {
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
    const { devCli: cli, calls } = await signedIn(({ name }) => {
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
    const { devCli: cli, calls } = await signedIn(() => undefined);
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
    const { devCli: cli } = await signedIn(({ name }) =>
      name === "PutSecretValue" ? { body: {} } : name === "POST /operations/probes" ? { body: bad } : undefined,
    );
    const { code, out } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(1);
    expect(out).toContain("They do not work yet. Keepa does not accept this key.\nCopy the key.");
  });

  it("set says that they are stored when the person may not test them", async () => {
    const { devCli: cli } = await signedIn(({ name }) =>
      name === "PutSecretValue"
        ? { body: {} }
        : { status: 403, body: { detail: "Only members of the group operators may do this.", code: "forbidden" } },
    );
    const { code, err } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(3);
    expect(err).toContain("The credentials are stored, but could not be tested: Only members");
  });

  it("set says how to make the place that an earlier version did not", async () => {
    const { devCli: cli } = await signedIn(() => ({ error: "ResourceNotFoundException" }));
    const { code, err } = await cli(["credentials", "set", "keepa"], { stdin: JSON.stringify({ key: KEY }) });
    expect(code).toBe(4);
    expect(err).toContain("Deploy it again: npx enrichline deploy --stage dev");
  });

  it("status names what is missing and shows no value", async () => {
    const { devCli: cli } = await signedIn(({ name, input }) => {
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
    const { devCli: cli, calls } = await signedIn(({ name }) => (name === "PutSecretValue" ? { body: {} } : undefined));
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
    const { devCli: cli } = await signedIn(({ name, input }) => {
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
    expect(JSON.parse(one.out)).toEqual({ sources: [check()], account: null, stack: [] });
  });
});
