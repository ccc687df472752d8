import { describe, expect, it } from "vitest";
import { DEV_TEMPLATES, writeAssembly } from "../../harness/fake-assembly.ts";
import { type AwsCall, type AwsReply, FAKE_ACCOUNT, type FakeStack } from "../../harness/fake-aws.ts";
import { type StageInput, stageHarness } from "../../harness/stage-harness.ts";

const stage = stageHarness();
const ACCOUNT_SETTINGS = "GET /2016-08-19/account-settings";

interface Account {
  /** Version of the bootstrap stack; null: there is none. */
  readonly bootstrap?: number | null;
  /** Functions at once; undefined: nobody may read it. */
  readonly quota?: number | null;
  readonly unreserved?: number;
}

/** What AWS answers about the account. */
const accountOf =
  ({ bootstrap = 28, quota = 1_000, unreserved }: Account) =>
  ({ name }: AwsCall): AwsReply | undefined => {
    if (name === "GetParameter") {
      return bootstrap === null
        ? { error: "ParameterNotFound" }
        : { body: { Parameter: { Value: String(bootstrap) } } };
    }
    if (!name.startsWith(ACCOUNT_SETTINGS)) return undefined;
    if (quota === null) return { error: "AccessDeniedException" };
    return {
      body: { AccountLimit: { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: unreserved ?? quota } },
    };
  };

/** The stacks of the stage as they were deployed from these templates. */
const deployedFrom = (templates: typeof DEV_TEMPLATES, changes: Partial<FakeStack> = {}) =>
  Object.fromEntries(
    Object.entries(templates).map(([name, template]): [string, FakeStack] => [
      name,
      { outputs: {}, template, ...changes },
    ]),
  );

interface Setting extends Account {
  readonly stacks?: Readonly<Record<string, FakeStack>>;
  readonly templates?: typeof DEV_TEMPLATES;
  /** Where the stage's settings place it. */
  readonly environment?: string;
  /** Exit codes of the CDK's commands. */
  readonly codes?: Readonly<Record<string, number>>;
}

const start = async ({ stacks = {}, templates, environment, codes = {}, ...account }: Setting = {}) => {
  const ran: string[][] = [];
  const streams: unknown[] = [];
  const { cli, ...aws } = await stage.start(accountOf(account), {
    stacks,
    run: async (_command, [, ...args], _folder, where) => {
      ran.push(args);
      streams.push(where);
      const [verb = ""] = args;
      if (verb === "synth") await writeAssembly(args.at(-1) ?? "", templates, environment);
      return codes[verb] ?? 0;
    },
  });
  /** Options of `cdk deploy`; undefined: it did not run. */
  const deployed = () => ran.find(([verb]) => verb === "deploy");
  return {
    ...aws,
    ...{ ran, streams, deployed },
    deploy: (args: string, input: StageInput = {}) => cli(["deploy", ...args.split(" ").filter(Boolean)], input),
  };
};

describe("deploy", () => {
  it("synthesizes once, checks in order, names costs and changes, and deploys what was shown", async () => {
    const { deploy, ran, deployed } = await start();
    const { code, err, out } = await deploy("dev --yes -- -c settings={} --force");
    expect(code).toBe(0);
    expect(ran.map(([verb]) => verb)).toEqual(["synth", "deploy"]);
    expect(ran[0]?.slice(0, 6)).toEqual(["synth", "--quiet", "-c", "stage=dev", "-c", "settings={}"]);
    const folder = ran[0]?.at(-1);
    expect(deployed()).toEqual(["deploy", "--all", "--app", folder, "--require-approval", "never", "--force"]);
    const said = [
      "ok      identity",
      "ok      bootstrap",
      "ok      concurrency",
      "ok      alarms",
      "ok      first deploy",
    ];
    const places = [...said, "Fixed costs a month", "What changes"].map((words) =>
      err.replaceAll(/ {2,}/g, "      ").indexOf(words),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(err).toContain(`account ${FAKE_ACCOUNT} in eu-central-1, as arn:aws:iam::${FAKE_ACCOUNT}:user/ops`);
    expect(err).toContain("Enrichline-dev-Data: 2 added");
    expect(out).toBe("");
  });

  it("names each fixed cost with its price, the day of the prices, and the sum", async () => {
    const { err } = await (await start()).deploy("dev --yes");
    expect(err).toMatch(/by list prices of us-east-1 read on \d{4}-\d\d-\d\d/);
    expect(err).toMatch(/\$0\.30 +3 metrics that alarms watch +\$0\.1 each/);
    expect(err).toMatch(/\$3\.00 +1 dashboards/);
    expect(err).toMatch(/\$0\.40 +1 secrets/);
    expect(err).toMatch(/\$1\.00 +1 encryption keys/);
    expect(err).toMatch(/by use +1 tables with recovery to any point in time +\$0\.2 for each GB/);
    expect(err).toMatch(/\$4\.70 +together/);
  });

  it.each([["dev"], ["--stage dev"], ["dev --stage dev"]])(
    "takes the stage as an argument or an option: %s",
    async (args) => {
      const { deploy, deployed } = await start();
      expect((await deploy(`${args} --yes`)).code).toBe(0);
      expect(deployed()).toContain("--all");
    },
  );

  it.each([
    ["", "Name the stage to deploy"],
    ["local", "The local stack starts with: npm run local"],
    ["dev --stage prod", "Two stages are named, dev and prod"],
    ["Dev", '"Dev" cannot be a stage'],
  ])("refuses %j before anything runs", async (args, words) => {
    const { deploy, ran } = await start();
    expect(await deploy(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(ran).toEqual([]);
  });

  it("asks, and deploys nothing unless the answer is yes", async () => {
    const { deploy, deployed } = await start();
    const no = await deploy("dev", { answers: [""] });
    expect(no.asked.map(({ question }) => question.trim())).toEqual([
      `Deploy stage dev to account ${FAKE_ACCOUNT} in eu-central-1? [y/N]`,
    ]);
    expect(no).toMatchObject({ code: 0, err: expect.stringContaining("Nothing was deployed.") });
    expect(deployed()).toBeUndefined();
    expect((await deploy("dev", { answers: ["y"] })).code).toBe(0);
    expect(deployed()).toBeDefined();
  });

  it("does not deploy where nobody can be asked, and says what to add", async () => {
    const { deploy, deployed } = await start();
    expect(await deploy("dev")).toMatchObject({ code: 2, err: expect.stringContaining("then add --yes") });
    expect(deployed()).toBeUndefined();
  });

  it("stops after the changes with --dry-run", async () => {
    const { deploy, deployed } = await start();
    const { code, err } = await deploy("dev --dry-run");
    expect(code).toBe(0);
    expect(err).toContain("Dry run: nothing was deployed.");
    expect(deployed()).toBeUndefined();
  });

  it("is one document with --json, while the CDK's own words go to stderr", async () => {
    const { deploy, streams } = await start();
    const { out } = await deploy("dev --yes --json");
    expect(streams).toEqual(["aside", "aside"]);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ stage: "dev", account: FAKE_ACCOUNT, region: "eu-central-1", deployed: true });
    expect(document.monthly_costs.usd).toBe(4.7);
    expect(document.changes).toHaveLength(9);
    expect(JSON.parse((await deploy("dev --dry-run --json")).out)).toMatchObject({ deployed: false });
  });

  it("ends with 5 when the CDK does not succeed, and with 2 when the stage cannot be synthesized", async () => {
    const failed = await (await start({ codes: { deploy: 1 } })).deploy("dev --yes");
    expect(failed).toMatchObject({ code: 5, err: expect.stringContaining("A deploy is refused") });
    const unknown = await start({ codes: { synth: 1 } });
    expect(await unknown.deploy("test --yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("cannot be synthesized"),
    });
    expect(unknown.deployed()).toBeUndefined();
  });
});

describe("what deploy checks", () => {
  it("refuses credentials of another account than the stage's, and reads nothing more", async () => {
    const { deploy, calls, deployed } = await start({ environment: "aws://999999999999/eu-west-1" });
    const { code, err } = await deploy("dev --yes");
    expect(code).toBe(3);
    expect(err).toContain(`These AWS credentials are of account ${FAKE_ACCOUNT}`);
    expect(err).toMatch(
      /stage dev belongs to account 999999999999.*\n {2}What to do: Use credentials of that account \(--profile\)/,
    );
    expect(calls).toEqual([]);
    expect(deployed()).toBeUndefined();
  });

  it("works in the region of the stage's settings, wherever the person's AWS set-up is", async () => {
    const { deploy } = await start({ environment: `aws://${FAKE_ACCOUNT}/ap-southeast-2` });
    const { code, err } = await deploy("dev --yes");
    expect(code).toBe(0);
    expect(err).toContain(`account ${FAKE_ACCOUNT} in ap-southeast-2`);
  });

  it.each([
    ["once where the synth stays in the region that was asked", `aws://${FAKE_ACCOUNT}/eu-central-1`, 1],
    ["again where the synth names another region", `aws://${FAKE_ACCOUNT}/ap-southeast-2`, 2],
  ])("asks whose credentials these are %s", async (_, environment, times) => {
    const { deploy, reads } = await start({ environment });
    expect((await deploy("dev --yes")).code).toBe(0);
    expect(reads.filter((name) => name === "GetCallerIdentity")).toHaveLength(times);
  });

  it.each([
    [null, "The CDK has never been prepared in"],
    [5, "has version 5, but 6 or newer is needed"],
  ])("refuses a bootstrap stack of version %s, with the command that makes it", async (bootstrap, words) => {
    const { deploy, deployed } = await start({ bootstrap });
    const { code, err } = await deploy("dev --yes");
    expect(code).toBe(4);
    expect(err).toContain(words);
    expect(err).toContain(`npx cdk bootstrap aws://${FAKE_ACCOUNT}/eu-central-1`);
    expect(deployed()).toBeUndefined();
  });

  it("warns of an account that runs fewer functions at once than the templates need, and says what to do", async () => {
    const { deploy, deployed } = await start({ quota: 10, unreserved: 9 });
    const { code, err } = await deploy("dev --yes");
    expect(code).toBe(0);
    expect(err).toContain(
      "This AWS account runs 9 functions at once in eu-central-1 (10, less what other functions reserved), but stage dev needs 10",
    );
    expect(err).toMatch(/request-service-quota-increase .*L-B99A9384.*--region eu-central-1.*express_concurrency/);
    expect(deployed()).toBeDefined();
  });

  it("deploys although the quota cannot be read, and says so", async () => {
    const { code, err } = await (await start({ quota: null })).deploy("dev --yes");
    expect(code).toBe(0);
    expect(err).toContain("could not be read: Reading the account's concurrency quota is not allowed");
  });

  it("warns where nobody is notified of alarms", async () => {
    const { Mail: _mail, ...Resources } = DEV_TEMPLATES["Enrichline-dev-Monitoring"]?.Resources ?? {};
    const { deploy } = await start({ templates: { ...DEV_TEMPLATES, "Enrichline-dev-Monitoring": { Resources } } });
    expect((await deploy("dev --yes")).err).toMatch(/Nobody is notified of alarms\.\n +What to do: Add "alarm_email"/);
  });

  it.each(["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])(
    "sees a first deploy that ended as %s: its stack counts as new, and the CDK may remove it",
    async (status) => {
      const stacks = deployedFrom(DEV_TEMPLATES, { status, terminationProtection: true });
      const { deploy, calls, deployed } = await start({ stacks });
      expect((await deploy("dev --dry-run")).err).toContain("Enrichline-dev-Data: 2 added");
      expect(calls.map(({ name }) => name)).not.toContain("UpdateTerminationProtection");
      const { err } = await deploy("dev --yes");
      expect(err).toContain("The first deploy of stage dev was rolled back");
      expect(calls.at(-1)).toMatchObject({
        name: "UpdateTerminationProtection",
        input: { StackName: "Enrichline-dev-Data", EnableTerminationProtection: "false" },
      });
      expect(deployed()).toBeDefined();
    },
  );

  it.each(["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"])(
    "leaves the protection of a stack alone that is %s",
    async (status) => {
      const { deploy, calls } = await start({
        stacks: deployedFrom(DEV_TEMPLATES, { status, terminationProtection: true }),
      });
      await deploy("dev --yes");
      expect(calls.map(({ name }) => name)).not.toContain("UpdateTerminationProtection");
    },
  );
});

describe("what deploy says of changes", () => {
  /** The stage before, with one resource of a stack otherwise or, undefined, not there. */
  const wasWith = (stack: string, id: string, resource: object | undefined) => {
    const { [id]: _own, ...Resources } = DEV_TEMPLATES[stack]?.Resources ?? {};
    return deployedFrom({
      ...DEV_TEMPLATES,
      [stack]: { Resources: { ...Resources, ...(resource ? { [id]: resource } : {}) } },
    });
  };

  it("nothing, where nothing does", async () => {
    const { err } = await (await start({ stacks: deployedFrom(DEV_TEMPLATES) })).deploy("dev --yes");
    expect(err).toContain("No resource changes.");
  });

  it("which properties of a function", async () => {
    const stacks = wasWith("Enrichline-dev-Pipeline", "EnrichFunction", {
      Type: "AWS::Lambda::Function",
      Properties: { Code: { S3Key: "zero.zip" }, MemorySize: 256 },
    });
    const { code, err } = await (await start({ stacks })).deploy("dev --yes");
    expect(code).toBe(0);
    expect(err).toContain("Enrichline-dev-Pipeline: 1 changed");
    expect(err).toMatch(/changed +AWS::Lambda::Function +EnrichFunction +Code, MemorySize/);
  });

  const OTHER_KEY = {
    Type: "AWS::DynamoDB::Table",
    DeletionPolicy: "Retain",
    Properties: {
      KeySchema: [{ AttributeName: "asin", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "asin", AttributeType: "S" }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  };

  it("first that a table would be replaced, and refuses it unless that is meant", async () => {
    const stacks = wasWith("Enrichline-dev-Data", "ProductsTable", OTHER_KEY);
    const { deploy, deployed } = await start({ stacks });
    const { code, err } = await deploy("dev --yes");
    expect(code).toBe(2);
    expect(err).toMatch(
      /What changes:\n {2}replaced AWS::DynamoDB::Table ProductsTable .*KeySchema.*is lost or left behind/,
    );
    expect(err).toContain("add --allow-replacement");
    expect(deployed()).toBeUndefined();
    expect((await deploy("dev --dry-run")).code).toBe(0);
    expect((await deploy("dev --yes --allow-replacement")).code).toBe(0);
    expect(deployed()).toBeDefined();
  });

  it("first that a queue stays behind, which it does not refuse, and refuses to delete a secret", async () => {
    const queue = { Type: "AWS::SQS::Queue", DeletionPolicy: "RetainExceptOnCreate", Properties: {} };
    const kept = await start({ stacks: wasWith("Enrichline-dev-Pipeline", "OldQueue", queue) });
    const { code, err } = await kept.deploy("dev --yes");
    expect(code).toBe(0);
    expect(err).toContain(
      "kept AWS::SQS::Queue OldQueue of Enrichline-dev-Pipeline: it leaves the stack and stays in the account",
    );
    const secret = { Type: "AWS::SecretsManager::Secret", Properties: { Name: "enrichline/dev/old" } };
    const removed = await start({ stacks: wasWith("Enrichline-dev-Data", "OldSecret", secret) });
    expect(await removed.deploy("dev --yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("OldSecret (removed)"),
    });
    expect(removed.deployed()).toBeUndefined();
  });
});
