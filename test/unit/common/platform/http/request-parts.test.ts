import { describe, expect, it } from "vitest";
import { authContextOf, requireOperator } from "../../../../../lambdas/common/platform/http/auth-context.ts";
import { correlationIdOf } from "../../../../../lambdas/common/platform/http/correlation-id.ts";

const context = { via: "person", user_id: "u", username: "anna", groups: "" };
const event = (lambda: object) => ({ requestContext: { authorizer: { lambda } } });
const auth = (...groups: string[]) => ({ userId: "u", username: "anna", groups, key: undefined });

describe("authContextOf", () => {
  it.each([
    ["operators", ["operators"]],
    ["operators editors", ["operators", "editors"]],
    ["", []],
    [undefined, []],
  ])("reads the groups %j", (groups, expected) => {
    expect(authContextOf(event({ ...context, groups }))).toEqual(auth(...expected));
  });

  it("reads the key of a program, with its scopes and its end", () => {
    const key = {
      ...context,
      via: "key",
      key_id: "key_1",
      scopes: "read upload",
      valid_until: "2026-08-01T12:00:00.000Z",
    };
    expect(authContextOf(event(key))).toEqual({
      ...auth(),
      key: { keyId: "key_1", scopes: ["read", "upload"], validUntilMs: Date.UTC(2026, 7, 1, 12) },
    });
    expect(authContextOf(event({ ...key, valid_until: "" })).key?.validUntilMs).toBeUndefined();
  });

  it.each([
    undefined,
    {},
    event({ via: "person" }),
    event({ ...context, user_id: "" }),
    event({ ...context, via: "robot" }),
    event({ ...context, via: "key" }),
    event({ ...context, via: "key", key_id: "key_1", scopes: "everything" }),
    { headers: { authorization: "Bearer x" } },
    { requestContext: { authorizer: { jwt: { claims: { sub: "u", token_use: "id" } } } } },
  ])("refuses an event without a verified caller: %j", (bad) => {
    expect(() => authContextOf(bad)).toThrow("Sign in first");
  });

  it("says of a credential that is not good whether to sign in again or to look at the key", () => {
    expect(() => authContextOf(event({ via: "nobody", reason: "token" }))).toThrow("sign in again");
    expect(() => authContextOf(event({ via: "nobody", reason: "key" }))).toThrow("key is not good");
  });

  it("lets operators pass and nobody else", () => {
    expect(() => requireOperator(auth("operators"))).not.toThrow();
    expect(() => requireOperator(auth("operator"))).toThrow("operators");
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
