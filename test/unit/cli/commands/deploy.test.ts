import { describe, expect, it } from "vitest";
import { aSourceQuota } from "../harness/answers.ts";
import { type AwsCall, type AwsReply, DEV_STACKS, type FakeStack } from "../harness/fake-aws.ts";
import { stageHarness } from "../harness/stage-harness.ts";

const stage = stageHarness();
const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";

/** The account's quota, and what is left beside reservations. */
const accountOf =
  (ConcurrentExecutions: number, UnreservedConcurrentExecutions = ConcurrentExecutions) =>
  ({ name }: AwsCall): AwsReply | undefined =>
    name.startsWith(ACCOUNT_SETTINGS)
      ? { body: { AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions } } }
      : undefined;

const start = async (
  reply: (call: AwsCall) => AwsReply | undefined,
  { stacks = DEV_STACKS, exitCode = 0 }: { stacks?: Readonly<Record<string, FakeStack>>; exitCode?: number } = {},
) => {
  const ran: string[][] = [];
  const { cli, ...aws } = await stage.start(reply, {
    stacks,
    env: { ENRICHLINE_TOKEN: "operator-token" },
    run: async (_command, programArgs) => {
      ran.push([...programArgs.slice(1)]);
      return exitCode;
    },
  });
  return { ...aws, cli: (...args: string[]) => cli(args), ran };
};

const dataStack = (status: string, terminationProtection = true) => ({
  ...DEV_STACKS,
  "Enrichline-dev-Data": { outputs: {}, status, terminationProtection },
});

describe("deploy", () => {
  it("deploys all stacks of the stage with the CDK, and passes on what comes after --", async () => {
    const { cli, ran } = await start(accountOf(1_000));
    const { code, err } = await cli("deploy", "--stage", "dev", "--", "--require-approval", "never");
    expect(code).toBe(0);
    expect(ran).toEqual([["deploy", "--all", "-c", "stage=dev", "--require-approval", "never"]]);
    expect(err).toBe("");
  });

  it("warns of an account that runs fewer functions at once than the stage needs, and says what to do", async () => {
    const { cli } = await start(accountOf(10, 9));
    const { code, err } = await cli("deploy", "--stage", "dev");
    expect(code).toBe(0);
    expect(err).toContain(
      "warning: This AWS account runs 9 functions at once in eu-central-1 (10, less what other functions reserved), but stage dev needs 10",
    );
    expect(err).toMatch(/request-service-quota-increase .*L-B99A9384.*--region eu-central-1.*express_concurrency/);
  });

  it("went well although the quota cannot be read, and says so", async () => {
    const { cli } = await start(() => ({ error: "AccessDeniedException" }));
    const { code, err } = await cli("deploy", "--stage", "dev");
    expect(code).toBe(0);
    expect(err).toContain("could not be read: Reading the account's concurrency quota is not allowed");
  });

  it.each(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])(
    "can be repeated after the first one was rolled back to %s: the CDK may remove the empty stack",
    async (status) => {
      const { cli, calls, ran } = await start(accountOf(1_000), { stacks: dataStack(status) });
      const { err } = await cli("deploy", "--stage", "dev");
      expect(calls[0]).toMatchObject({
        name: "UpdateTerminationProtection",
        input: { StackName: "Enrichline-dev-Data", EnableTerminationProtection: "false" },
      });
      expect(err).toContain("The first deploy of stage dev was rolled back");
      expect(ran).toHaveLength(1);
    },
  );

  it("leaves the protection of a stack alone that was ever deployed", async () => {
    for (const status of ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]) {
      const { cli, calls } = await start(accountOf(1_000), { stacks: dataStack(status) });
      await cli("deploy", "--stage", "dev");
      expect(calls.map(({ name }) => name)).not.toContain("UpdateTerminationProtection");
    }
  });

  it("deploys a stage that is not there yet", async () => {
    const { "Enrichline-dev-Data": _data, ...stacks } = DEV_STACKS;
    const { cli, ran } = await start(accountOf(1_000), { stacks });
    expect((await cli("deploy", "--stage", "dev")).code).toBe(0);
    expect(ran).toHaveLength(1);
  });

  it("ends with 5 when the CDK does not succeed, and asks nothing more", async () => {
    const { cli, calls } = await start(() => undefined, { exitCode: 1 });
    const { code, err } = await cli("deploy", "--stage", "dev");
    expect(code).toBe(5);
    expect(err).toContain("A deploy is refused");
    expect(calls).toEqual([]);
  });

  it.each([[], ["--stage", "local"]])("asks for a stage in the cloud: %j", async (...args) => {
    const { cli, ran } = await start(() => undefined);
    expect(await cli("deploy", ...args)).toMatchObject({ code: 2, err: expect.stringContaining("Name the stage") });
    expect(ran).toEqual([]);
  });
});

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
    return { words: await cli("doctor", "--stage", "dev"), json: await cli("doctor", "--stage", "dev", "--json") };
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
