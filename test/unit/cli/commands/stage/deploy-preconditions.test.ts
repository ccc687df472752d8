import { describe, expect, it } from "vitest";
import { deployedFrom, deployHarness } from "../../harness/deploy-harness.ts";
import { DEV_TEMPLATES } from "../../harness/fake-assembly.ts";
import { FAKE_ACCOUNT } from "../../harness/fake-aws.ts";

const start = deployHarness();

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
