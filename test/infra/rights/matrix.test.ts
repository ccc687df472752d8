import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";
import { isAllowed } from "../../helpers/iam/is-allowed.ts";
import type { Statement } from "../../helpers/iam/statements.ts";
import { KNOWN_ACTIONS } from "./actions.ts";
import { describeRights } from "./describe-rights.ts";
import { fullStage, type StageFunction } from "./stage-rights.ts";
import { type Target, targetsOf } from "./targets.ts";

const rights = fullStage();
const targets = targetsOf(rights.stage);

/** Every pair of target and action that these statements allow. */
const allowedOf = (statements: readonly Statement[]) =>
  targets.flatMap((target) =>
    target.actions.filter((action) => isAllowed(statements, action, target.arn)).map((action) => ({ target, action })),
  );

const words = ({ target, action }: { readonly target: Target; readonly action: string }): string =>
  `${action} on ${target.label}`;

/** All texts in a JSON document. */
const leaves = (node: unknown): string[] =>
  typeof node === "string"
    ? [node]
    : typeof node === "object" && node !== null
      ? Object.values(node).flatMap(leaves)
      : [];

/** Whether what is set for a function names a target, or what it belongs to. */
const isNamedFor = ({ configuration }: StageFunction, { resource, arn }: Target): boolean => {
  if (resource === undefined) return false;
  return leaves(JSON.parse(configuration)).some(
    (text) =>
      text === resource.ref ||
      text === resource.arn ||
      text === arn ||
      // The prefix of secrets, and the address of an API.
      resource.name.startsWith(`${text}/`) ||
      text.includes(`//${resource.ref}.execute-api.`),
  );
};

describe("the rights of every role", () => {
  it("are those of docs/security/rights.md, of all that could be done with every resource of the stage", async () => {
    const text = describeRights(rights.roles.map(({ name, statements }) => ({ name, allowed: allowedOf(statements) })));
    // After a change that is meant: npm run test:infra -- test/infra/rights -u
    await expect(text).toMatchFileSnapshot(join(REPOSITORY_ROOT, "docs", "security", "rights.md"));
  });

  it("are made of actions that the lists of a test know", () => {
    const used = new Set(rights.roles.flatMap(({ statements }) => statements.flatMap(({ Action = [] }) => Action)));
    expect([...used].filter((action) => !KNOWN_ACTIONS.has(action))).toEqual([]);
    expect(used.size).toBeGreaterThan(20);
  });

  it("reach nothing of anybody else in the account, even where its name begins alike", () => {
    const reached = rights.roles.flatMap(({ name, statements }) =>
      allowedOf(statements)
        .filter(({ target }) => target.resource === undefined)
        .map((pair) => `${name}: ${words(pair)}`),
    );
    expect(reached).toEqual([]);
  });

  it("each reach something: a right that reaches nothing of the stage is wrong or left over", () => {
    const inVain = rights.roles.flatMap(({ name, statements }) =>
      statements.flatMap((statement) =>
        (statement.Action ?? []).flatMap((action) =>
          (statement.Resource ?? [])
            .filter((resource) => {
              const one = [{ ...statement, Action: [action], Resource: [resource] }];
              return !targets.some((target) => target.actions.includes(action) && isAllowed(one, action, target.arn));
            })
            .map((resource) => `${name}: ${action} on ${resource}`),
        ),
      ),
    );
    expect(inVain).toEqual([]);
  });
});

describe("the rights of every function", () => {
  it("belong to it alone: no two share a role", () => {
    expect(new Set(rights.functions.map(({ role }) => role.name)).size).toBe(rights.functions.length);
    expect(rights.functions.length).toBeGreaterThan(20);
  });

  it("reach only what its environment and its event sources name", () => {
    const beyond = rights.functions.flatMap((fn) =>
      allowedOf(fn.role.statements)
        .filter(({ target }) => !isNamedFor(fn, target))
        .map((pair) => `${fn.name}: ${words(pair)}`),
    );
    expect(beyond).toEqual([]);
  });

  it("change nothing that the stage is made of: no function, role, policy, user, schema or setting", () => {
    const changing =
      /^(iam|sts|cloudformation|kms|pipes|scheduler|ec2):|:(Create(?!LogStream)|Delete(?!Item$|Message$|Object$)|Put(?!Item$|Object$|Events$|LogEvents$)|Update(?!Item$)|Set|Add|Remove|Purge|Rotate|Admin(?!GetUser$|ListGroupsForUser$)|Tag|Subscribe|Export|Restore|Start)/;
    const all = rights.functions.flatMap(({ name, role }) =>
      allowedOf(role.statements).map((pair) => ({ name, ...pair })),
    );
    expect(all.filter(({ action }) => changing.test(action)).map((pair) => `${pair.name}: ${words(pair)}`)).toEqual([]);
    // The expression sees what it is meant to see.
    for (const bad of ["iam:PassRole", "dynamodb:DeleteTable", "lambda:UpdateFunctionCode", "sqs:PurgeQueue"])
      expect(changing.test(bad), bad).toBe(true);
    expect(changing.test("s3:PutBucketPolicy")).toBe(true);
    expect(changing.test("cognito-idp:AdminCreateUser")).toBe(true);
  });
});
