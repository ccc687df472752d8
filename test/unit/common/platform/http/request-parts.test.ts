import { describe, expect, it } from "vitest";
import { authContextOf, requireOperator } from "../../../../../lambdas/common/platform/http/auth-context.ts";
import { correlationIdOf } from "../../../../../lambdas/common/platform/http/correlation-id.ts";

const event = (claims: object) => ({ requestContext: { authorizer: { jwt: { claims } } } });

describe("authContextOf", () => {
  it.each([
    ["[operators]", ["operators"]],
    ["[operators editors]", ["operators", "editors"]],
    ["[]", []],
    ["operators", ["operators"]],
    [
      ["operators", "editors"],
      ["operators", "editors"],
    ],
    [undefined, []],
  ])("reads the groups %j", (groups, expected) => {
    expect(authContextOf(event({ sub: "u", token_use: "id", "cognito:groups": groups }))).toEqual({
      userId: "u",
      groups: expected,
    });
  });

  it.each([
    event({ sub: "u", token_use: "refresh" }),
    event({ sub: "u", token_use: "ID" }),
    event({ sub: "u", token_use: "" }),
    event({ sub: "u" }),
    event({ sub: "u", token_use: ["id"] }),
  ])("refuses a token that the pool made for something else: %j", (bad) => {
    expect(() => authContextOf(bad)).toThrow("Sign in first");
  });

  it.each(["id", "access"])("takes an %s token", (token_use) => {
    expect(authContextOf(event({ sub: "u", token_use }))).toEqual({ userId: "u", groups: [] });
  });

  it.each([
    undefined,
    {},
    event({ token_use: "id" }),
    event({ sub: "", token_use: "id" }),
    { headers: { authorization: "Bearer x" } },
  ])("refuses an event without verified claims: %j", (bad) => {
    expect(() => authContextOf(bad)).toThrow("Sign in first");
  });

  it("lets operators pass and nobody else", () => {
    expect(() => requireOperator({ userId: "u", groups: ["operators"] })).not.toThrow();
    expect(() => requireOperator({ userId: "u", groups: ["operator"] })).toThrow("operators");
  });
});

describe("correlationIdOf", () => {
  const newId = () => "fresh-id-1";
  const gateway = { requestContext: { requestId: "gateway-id-1" } };
  it("takes the caller's own when it is harmless", () => {
    expect(correlationIdOf("abc-12345", gateway, newId)).toBe("abc-12345");
  });
  it.each(["short", "with space 123", "x".repeat(65), "line\nbreak-123"])("does not take %j", (header) => {
    expect(correlationIdOf(header, gateway, newId)).toBe("gateway-id-1");
  });
  it("makes a new one without any", () => {
    expect(correlationIdOf(undefined, undefined, newId)).toBe("fresh-id-1");
  });
});
