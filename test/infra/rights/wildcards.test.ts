import { describe, expect, it } from "vitest";
import { statementsOf } from "../../helpers/iam/statements.ts";
import { synthesizedStage } from "../stage/synth-stage.ts";
import { fullStage, StageRights } from "./stage-rights.ts";
import { ALLOWED_WILDCARDS, entryFor, tooWide } from "./wildcards.ts";

const allow = (rest: object) => {
  const [statement] = statementsOf({ Statement: { Effect: "Allow", ...rest } });
  if (!statement) throw new Error("a document without a statement");
  return statement;
};

describe.each([
  ["prod with every optional part", fullStage()],
  ["local", new StageRights(synthesizedStage("local"))],
] as const)("stage %s", (_, { roles, resourcePolicies }) => {
  it("has no wildcard in a right but those of the short list", () => {
    const found = roles.flatMap(({ name, statements }) =>
      statements.flatMap((statement) => tooWide(statement).map((what) => `${name}: ${what}`)),
    );
    expect(found).toEqual([]);
  });

  it("lets nobody pass a role on or take another one", () => {
    const actions = roles.flatMap(({ statements }) => statements.flatMap(({ Action = [] }) => Action));
    expect(actions.filter((action) => /^(iam|sts):/i.test(action))).toEqual([]);
  });

  it("has no wildcard in the actions of a policy on a resource, and names one resource in each", () => {
    const found = resourcePolicies.flatMap(({ name, statements }) =>
      statements
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action = [], Resource = [], Principal, NotAction, NotResource }) => {
          // The policy of a key is about that key, and its account is whom it cannot be lost to.
          if (/^arn:aws:iam::\d{12}:root$/.test(Principal?.AWS?.join() ?? "") && Resource.join() === "*") return [];
          return [...Action, ...(NotAction ?? ["-"]), ...(NotResource ?? ["-"])]
            .filter((text) => /[*?]/.test(text))
            .concat(Resource.length === 1 ? [] : Resource)
            .map((what) => `${name}: ${what}`);
        }),
    );
    expect(found).toEqual([]);
  });
});

describe("the short list", () => {
  it("has no entry that nothing needs, and says why for each", () => {
    const statements = fullStage().roles.flatMap((role) => role.statements);
    const used = new Set(
      statements.flatMap((statement) => (statement.Resource ?? []).map((resource) => entryFor(statement, resource))),
    );
    expect(ALLOWED_WILDCARDS.filter((entry) => !used.has(entry))).toEqual([]);
    for (const { reason } of ALLOWED_WILDCARDS) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });

  const TABLE = "arn:aws:dynamodb:eu-west-1:111111111111:table/products-table";
  const BUCKET = "arn:aws:s3:::catalog-bucket";

  it.each([
    [{ Action: "*", Resource: TABLE }],
    [{ Action: "s3:*", Resource: `${BUCKET}/raw/*` }],
    [{ Action: "dynamodb:*", Resource: TABLE }],
    [{ Action: "dynamodb:Get*", Resource: TABLE }],
    [{ Action: "dynamodb:GetItem", Resource: "*" }],
    [{ Action: "dynamodb:GetItem", Resource: `${TABLE}*` }],
    [{ Action: "dynamodb:Query", Resource: `${TABLE}/index/*` }],
    [{ Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:*:*:table/products-table" }],
    // Right in itself, but not with this action.
    [{ Action: ["dynamodb:GetRecords", "dynamodb:GetItem"], Resource: `${TABLE}/stream/*` }],
    [{ Action: "s3:GetObject", Resource: `${BUCKET}/*` }],
    [{ Action: "s3:GetObject", Resource: `${BUCKET}/catalogs*` }],
    [{ Action: "s3:PutObjectAcl", Resource: `${BUCKET}/catalogs/*` }],
    [{ Action: "s3:ListBucket", Resource: BUCKET }],
    [{ Action: "iam:PassRole", Resource: "*" }],
    [{ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:a:1:secret:enrichline/prod/*" }],
    [{ NotAction: "iam:*", Resource: TABLE }],
    [{ Action: "dynamodb:GetItem", NotResource: TABLE }],
  ])("lets %j not pass", (statement) => {
    expect(tooWide(allow(statement))).not.toEqual([]);
  });

  it("lets what names its resources pass, and a deny of anything", () => {
    expect(tooWide(allow({ Action: "dynamodb:GetItem", Resource: TABLE }))).toEqual([]);
    const listing = { Action: "s3:ListBucket", Resource: BUCKET };
    expect(tooWide(allow({ ...listing, Condition: { StringLike: { "s3:prefix": ["raw/*"] } } }))).toEqual([]);
    expect(tooWide({ ...allow({ Action: "s3:*", Resource: "*" }), Effect: "Deny" })).toEqual([]);
  });
});
