import { describe, expect, it } from "vitest";
import { deployedFrom, deployHarness } from "../../harness/deploy-harness.ts";
import { DEV_TEMPLATES } from "../../harness/fake-assembly.ts";

const start = deployHarness();

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
