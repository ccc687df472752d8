import { describe, expect, it } from "vitest";
import { isAllowed } from "../../helpers/iam/is-allowed.ts";
import { statementsOf } from "../../helpers/iam/statements.ts";

const TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/products";
const policy = (...Statement: object[]) => statementsOf({ Version: "2012-10-17", Statement });

describe("what an identity may do", () => {
  it("is what a statement names, action and resource, and nothing else", () => {
    const own = policy({ Effect: "Allow", Action: "dynamodb:GetItem", Resource: TABLE });
    expect(isAllowed(own, "dynamodb:GetItem", TABLE)).toBe(true);
    expect(isAllowed(own, "DynamoDB:getitem", TABLE)).toBe(true);
    expect(isAllowed(own, "dynamodb:PutItem", TABLE)).toBe(false);
    for (const other of [`${TABLE}/index/by-owner`, `${TABLE}2`, TABLE.toUpperCase(), TABLE.slice(0, -1)]) {
      expect(isAllowed(own, "dynamodb:GetItem", other), other).toBe(false);
    }
    expect(isAllowed([], "dynamodb:GetItem", TABLE)).toBe(false);
  });

  it.each([
    [{ Action: "*", Resource: "*" }, true],
    [{ Action: "dynamodb:*", Resource: TABLE }, true],
    [{ Action: "dynamodb:Get*", Resource: "arn:aws:dynamodb:*:*:table/*" }, true],
    [{ Action: "dynamodb:Ge?Item", Resource: `${TABLE.slice(0, -1)}?` }, true],
    [{ Action: "dynamodb:Put*", Resource: "*" }, false],
    [{ Action: "s3:*", Resource: "*" }, false],
    [{ Action: "dynamodb:GetItem", Resource: `${TABLE}?` }, false],
    [{ NotAction: "s3:*", Resource: "*" }, true],
    [{ NotAction: "dynamodb:*", Resource: "*" }, false],
    [{ Action: "dynamodb:GetItem", NotResource: "arn:aws:s3:::*" }, true],
    [{ Action: "dynamodb:GetItem", NotResource: TABLE }, false],
    // Whatever the condition asks for.
    [{ Action: "dynamodb:GetItem", Resource: TABLE, Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }, true],
  ])("counts a wildcard as what it covers: %j", (statement, allowed) => {
    expect(isAllowed(policy({ Effect: "Allow", ...statement }), "dynamodb:GetItem", TABLE)).toBe(allowed);
  });

  it("ends where a deny without conditions begins", () => {
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    const deny = { Effect: "Deny", Action: "dynamodb:*", Resource: TABLE };
    expect(isAllowed(policy(all, deny), "dynamodb:GetItem", TABLE)).toBe(false);
    expect(isAllowed(policy(all, deny), "dynamodb:GetItem", `${TABLE}/index/by-owner`)).toBe(true);
    const plainHttp = { ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } };
    expect(isAllowed(policy(all, plainHttp), "dynamodb:GetItem", TABLE)).toBe(true);
  });

  it("cannot be configuration from a statement with names that are not resolved, or with what it does not know", () => {
    expect(() => policy({ Effect: "Allow", Action: "s3:GetObject", Resource: { Ref: "Bucket" } })).toThrow();
    expect(() => policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", Resources: "*" })).toThrow();
  });
});
