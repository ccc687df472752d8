import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../stage/resources.ts";
import { synthesizedStage } from "../../stage/synth-stage.ts";
import { PROD_STATEMENTS } from "./prod-statements.ts";

const { Pipeline, Shop, Api, Data, Monitoring } = synthesizedStage("prod").templates;

describe("rights", () => {
  it("name every action and every resource; only objects, streams and connections are named by their prefix", () => {
    expect(PROD_STATEMENTS.length).toBeGreaterThan(10);
    for (const { id, statement } of PROD_STATEMENTS) {
      for (const action of statement.Action) expect(action, id).not.toContain("*");
      for (const resource of statement.Resource) {
        const rest = resource.replace(/\/(uploads|catalogs|exports|raw|stream|@connections)\/\*/, "");
        expect(rest, id).not.toContain("*");
      }
    }
  });

  it("come from no managed policy", () => {
    for (const template of [Pipeline, Shop, Api, Data, Monitoring]) {
      for (const [id, role] of resourcesOf(template, "AWS::IAM::Role")) {
        expect(role.Properties.ManagedPolicyArns, id).toBeUndefined();
      }
    }
  });

  it("let nobody write a secret or delete a queue", () => {
    const actions = new Set(PROD_STATEMENTS.flatMap(({ statement }) => statement.Action));
    for (const refused of ["secretsmanager:PutSecretValue", "sqs:DeleteQueue", "sqs:PurgeQueue"]) {
      expect(actions).not.toContain(refused);
    }
    expect(actions).toContain("dynamodb:Query");
  });

  it("let four functions scan tables, for what no index holds: rows without a catalog, content that ended or was revoked, what waits, who listens", () => {
    const scanning = PROD_STATEMENTS.filter(({ statement }) => statement.Action.includes("dynamodb:Scan")).filter(
      ({ statement }) => !statement.Resource.every((one) => one.includes("/index/failing-runs")),
    );
    const tables = scanning.flatMap(({ id, statement }) =>
      statement.Resource.map(
        (resource) =>
          `${/^[A-Za-z]+?(?=Role|Service|[0-9A-F]{8})/.exec(id)?.[0]} ${/([A-Za-z]+)Table/.exec(resource)?.[1]}`,
      ),
    );
    expect(tables).toEqual([
      expect.stringMatching(/^Reconcile.* .*EnrichmentStatus$/),
      expect.stringMatching(/^SweepExpired.* .*Products$/),
      expect.stringMatching(/^SweepExpired.* .*ProductHistory$/),
      expect.stringMatching(/^SweepStaging.* .*AssemblyStaging$/),
      expect.stringMatching(/^LiveConnections.* .*LiveConnections$/),
    ]);
  });

  it("let nobody read raw answers, which are kept for a person with rights of their own, and end by their licences", () => {
    const reading = PROD_STATEMENTS.filter(({ statement }) => statement.Action.includes("s3:GetObject"));
    expect(reading.length).toBeGreaterThan(2);
    for (const { id, statement } of reading) {
      for (const resource of statement.Resource) expect(resource, id).not.toContain("/raw/");
    }
  });

  it("let two functions scan the sparse index of runs that fail, for what operators see of all owners", () => {
    const scanning = PROD_STATEMENTS.filter(({ statement: { Action, Resource } }) =>
      Resource.some((one) => Action.includes("dynamodb:Scan") && one.includes("/index/")),
    );
    expect(scanning.map(({ id }) => /^(Reconcile|OperationsApi)/.exec(id)?.[0])).toEqual([
      "Reconcile",
      "OperationsApi",
    ]);
  });
});
