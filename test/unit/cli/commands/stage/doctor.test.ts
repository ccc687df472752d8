import { describe, expect, it } from "vitest";
import { aSourceQuota } from "../../harness/answers.ts";
import { type AwsCall, type AwsReply, DEV_STACKS } from "../../harness/fake-aws.ts";
import { stageHarness } from "../../harness/stage-harness.ts";

const stage = stageHarness();
const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";

/** The account's quota. */
const accountOf =
  (ConcurrentExecutions: number) =>
  ({ name }: AwsCall): AwsReply | undefined =>
    name.startsWith(ACCOUNT_SETTINGS)
      ? { body: { AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions: ConcurrentExecutions } } }
      : undefined;

const start = (reply: (call: AwsCall) => AwsReply | undefined, { stacks = DEV_STACKS } = {}) =>
  stage.start(reply, { stacks, env: { ENRICHLINE_TOKEN: "operator-token" } });

describe("doctor", () => {
  const quota = { body: { sources: [aSourceQuota("keepa")], timestamp: "2026-08-01T00:00:00.000Z" } };
  const good = {
    source: "keepa",
    state: "ok",
    ok: true,
    reason: "Fine.",
    next_step: "",
    marketplace: null,
    checks: [],
  };
  const doctor = async (account: (call: AwsCall) => AwsReply | undefined, stacks = DEV_STACKS) => {
    const reply = (call: AwsCall) =>
      account(call) ?? (call.name === "GET /quota" ? quota : call.name.startsWith("POST") ? { body: good } : undefined);
    const { cli } = await start(reply, { stacks });
    return { words: await cli(["doctor", "--stage", "dev"]), json: await cli(["doctor", "--stage", "dev", "--json"]) };
  };

  it("says that the account has room", async () => {
    const { words, json } = await doctor(accountOf(1_000));
    expect(words.code).toBe(0);
    expect(words.out).toContain(
      "AWS account: This AWS account runs 1000 functions at once in eu-central-1; stage dev needs 10 when all its workers are busy.",
    );
    expect(JSON.parse(json.out)).toMatchObject({ account: { ok: true, next_step: "" } });
  });

  it("warns where it has none, and still ends with 0: the sources are well", async () => {
    const { words, json } = await doctor(accountOf(9));
    expect(words.code).toBe(0);
    expect(words.out).toMatch(/AWS account, a warning: .* needs 10 .*\n {2}What to do: Ask AWS for more/);
    expect(JSON.parse(json.out)).toMatchObject({ account: { ok: false } });
  });

  it("says what it found where the stage was deployed by an earlier version, or the quota cannot be read", async () => {
    const { "Enrichline-dev-Pipeline": _pipeline, ...others } = DEV_STACKS;
    const older = await doctor(accountOf(10), { ...others, "Enrichline-dev-Pipeline": { outputs: {} } });
    expect(older.words.out).toContain("Deploy the stage again to see whether that is enough");
    const refused = await doctor(({ name }) =>
      name.startsWith(ACCOUNT_SETTINGS) ? { error: "AccessDeniedException" } : undefined,
    );
    expect(refused.words).toMatchObject({ code: 0, out: expect.stringContaining("could not be read") });
  });
});
