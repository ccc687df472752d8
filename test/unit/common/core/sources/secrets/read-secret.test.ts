import { describe, expect, it } from "vitest";
import { SECRET_SCHEMAS, SECRET_SOURCES } from "../../../../../../lambdas/common/core/sources/known/secret-schemas.ts";
import { problemLine, readSecret } from "../../../../../../lambdas/common/core/sources/secrets/read-secret.ts";
import { SOURCES } from "../../../../../../lambdas/common/sources/registry/registry.ts";
import { LOCAL_CREDENTIALS } from "../../../../../../local/upstreams/local-credentials.ts";

describe("readSecret", () => {
  it.each(SECRET_SOURCES)("reads what is stored for %s, once more after it was read", (source) => {
    const read = readSecret<unknown>(SECRET_SCHEMAS[source], JSON.stringify(LOCAL_CREDENTIALS[source]));
    if (!read.ok) throw new Error(problemLine(read.problems));
    expect(readSecret<unknown>(SECRET_SCHEMAS[source], JSON.stringify(read.secret))).toEqual(read);
  });

  it.each(["", "nonsense-secret", "[]", "null", '"nonsense-secret"', "7"])("wants one JSON object, not %s", (text) => {
    const read = readSecret(SECRET_SCHEMAS.keepa, text);
    expect(read).toEqual({ ok: false, problems: [{ field: "(all)", problem: "must be one JSON object" }] });
  });

  it("names every field that is missing or wrong and repeats no value", () => {
    const text = JSON.stringify({
      account: "secret-a",
      credential_version: "secret-b",
      client_id: 7,
      client_secret: "   ",
      partner_tags: { DE: "" },
    });
    const read = readSecret(SECRET_SCHEMAS["creators-api"], text);
    if (read.ok) throw new Error("this is no secret");
    expect(read.problems.map(({ field }) => field)).toEqual([
      "credential_version",
      "client_id",
      "client_secret",
      "partner_tags.DE",
    ]);
    expect(problemLine(read.problems)).not.toContain("secret-");
    const empty = readSecret(SECRET_SCHEMAS["sp-api"], "{}");
    expect(empty.ok ? "" : problemLine(empty.problems)).toBe(
      "client_id is missing; client_secret is missing; refresh_token is missing; region is missing",
    );
  });
});

it("every source that has a secret is among those that are asked for", () => {
  const withSecret = SOURCES.filter(({ secretSchema }) => secretSchema !== null).map(({ id }) => id);
  expect(withSecret).toEqual([...SECRET_SOURCES]);
});
