import { describe, expect, it } from "vitest";
import { LOCAL_CREATORS_CREDENTIALS } from "../../../../local/upstreams/local-credentials.ts";
import { start, type Version } from "./creators-api-rig.ts";

describe("the token services", () => {
  it("issue a Cognito token for 2.x and an LwA token for 3.x in their own forms", async () => {
    const { askToken } = await start();
    const cognito = await askToken("2.1");
    expect(cognito).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } });
    expect(cognito.body.access_token).toMatch(/^eyJ/);
    const lwa = await askToken("3.1");
    expect(lwa).toMatchObject({ status: 200, body: { token_type: "bearer", scope: "creatorsapi::default" } });
    expect(lwa.body.access_token).toMatch(/^Atc\|/);
  });

  it("take HTTP Basic from both families and a plain form from LwA", async () => {
    const { post } = await start();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const basic = (version: Version) => {
      const { client_id, client_secret } = LOCAL_CREATORS_CREDENTIALS[version];
      return { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}` };
    };
    const rest = (scope: string) => new URLSearchParams({ grant_type: "client_credentials", scope }).toString();
    expect((await post("/oauth2/token", { ...form, ...basic("2.2") }, rest("creatorsapi/default"))).status).toBe(200);
    expect((await post("/auth/o2/token", { ...form, ...basic("3.1") }, rest("creatorsapi::default"))).status).toBe(200);
  });

  it.each([
    ["2.1", { client_secret: "wrong" }, 400, "invalid_client"],
    ["3.1", { client_secret: "wrong" }, 401, "invalid_client"],
    ["3.1", { scope: "creatorsapi/default" }, 400, "invalid_scope"],
    ["2.1", { scope: "creatorsapi::default" }, 400, "invalid_scope"],
    ["3.1", { grant_type: "refresh_token" }, 400, "unsupported_grant_type"],
  ] as const)("refuse %s with %j", async (version, change, status, error) => {
    const { askToken } = await start();
    expect(await askToken(version, change)).toMatchObject({ status, body: { error } });
  });

  it("refuse a credential at another region's address and at the other family's", async () => {
    const { askToken } = await start();
    expect((await askToken("3.1", {}, "/na/auth/o2/token")).status).toBe(200);
    expect(await askToken("3.1", {}, "/eu/auth/o2/token")).toMatchObject({
      status: 400,
      body: { error: "invalid_client" },
    });
    expect(await askToken("2.3", {}, "/eu/oauth2/token")).toMatchObject({
      status: 400,
      body: { error: "invalid_client" },
    });
    expect((await askToken("2.1", {}, "/auth/o2/token")).status).toBe(401);
  });
});

describe("authorization of a call", () => {
  const item = { itemIds: ["B071HMM81V"] };

  it("wants the version after a 2.x token and nothing after a 3.x one", async () => {
    const { askToken, authorization, call } = await start();
    const two = (await askToken("2.1")).body.access_token;
    const three = (await askToken("3.1")).body.access_token;
    expect((await call("getItems", await authorization("2.1"), item)).status).toBe(200);
    for (const header of [
      `Bearer ${two}`,
      `Bearer ${two}, Version 2.2`,
      `Bearer ${three}, Version 3.1`,
      `Bearer ${three}, Version 2.1`,
    ]) {
      expect(await call("getItems", header, item)).toMatchObject({ status: 401, body: { reason: "InvalidIssuer" } });
    }
  });

  it("tells missing, unknown and expired tokens apart", async () => {
    const { authorization, call, control } = await start({ calls_per_second: 1000, token_expires_in: 60 });
    expect((await call("getItems", "", item)).body).toMatchObject({
      type: "UnauthorizedException",
      reason: "MissingCredential",
    });
    expect((await call("getItems", "Bearer nonsense", item)).body.reason).toBe("InvalidToken");
    const auth = await authorization("3.1");
    await control("/behaviour", { clock_offset_ms: 59_000 });
    expect((await call("getItems", auth, item)).status).toBe(200);
    await control("/behaviour", { clock_offset_ms: 60_500 });
    expect(await call("getItems", auth, item)).toMatchObject({ status: 401, body: { reason: "TokenExpired" } });
  });

  it("makes tokens unknown when they are revoked", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    expect((await control("/revoke-tokens", {})).body).toEqual({ revoked: 1 });
    expect((await call("getItems", auth, item)).body.reason).toBe("InvalidToken");
  });

  it("binds a credential to the shops of its region until told otherwise", async () => {
    const { authorization, call, control } = await start();
    const auth = await authorization("3.1");
    expect(await call("getItems", auth, item, "www.amazon.de")).toMatchObject({
      status: 403,
      body: { reason: "AuthorizationFailed" },
    });
    expect((await call("getItems", await authorization("3.2"), item, "www.amazon.de")).status).toBe(200);
    await control("/behaviour", { bind_regions: false });
    expect((await call("getItems", auth, item, "www.amazon.de")).status).toBe(200);
  });
});
