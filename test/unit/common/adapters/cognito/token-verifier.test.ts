import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { TokenVerifier } from "../../../../../lambdas/common/adapters/cognito/token-verifier.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const POOL = "eu-west-1_AbCdEfGhI";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
const seconds = (later: number): number => Math.floor(Date.now() / 1_000) + later;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (
  claims: object,
  { key = privateKey, alg = "RS256" }: { key?: KeyObject; alg?: string } = {},
): string => {
  const text = `${encode({ alg, kid: "one" })}.${encode(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
};
const ID = {
  ...{ iss: ISSUER, aud: "client", token_use: "id", sub: "u1", "cognito:username": "anna", exp: seconds(60) },
  "cognito:groups": ["operators"],
};
const ACCESS = { iss: ISSUER, client_id: "client", token_use: "access", sub: "u1", username: "anna", exp: seconds(60) };

let fetched: string[];
let status: number;
beforeEach(() => {
  fetched = [];
  status = 200;
  vi.stubEnv("AWS_ENDPOINT_URL", "http://emulator.invalid:4566");
  vi.stubGlobal("fetch", async (address: string) => {
    fetched.push(address);
    const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }];
    return new Response(JSON.stringify({ keys }), { status });
  });
});
const verifier = (jwksAddress = `${ISSUER}/.well-known/jwks.json`) =>
  new TokenVerifier({ userPoolId: POOL, clientId: "client", jwksAddress });

describe("tokens of the user pool", () => {
  it("name their owner, of both kinds, and the public keys are fetched once", async () => {
    const tokens = verifier();
    expect(await tokens.ownerOf(tokenOf(ID))).toEqual({ userId: "u1", username: "anna", groups: ["operators"] });
    expect(await tokens.ownerOf(tokenOf(ACCESS))).toEqual({ userId: "u1", username: "anna", groups: [] });
    expect(fetched).toEqual([`${ISSUER}/.well-known/jwks.json`]);
  });

  it.each<[string, string]>([
    ["signed by somebody else", tokenOf(ID, { key: stranger })],
    ["of another algorithm", tokenOf(ID, { alg: "HS256" })],
    ["without a signature", `${encode({ alg: "none", kid: "one" })}.${encode(ID)}.`],
    ["of another pool", tokenOf({ ...ID, iss: ISSUER.replace("AbC", "XyZ") })],
    ["for another client", tokenOf({ ...ID, aud: "other" })],
    ["for another client, by the access token", tokenOf({ ...ACCESS, client_id: "other" })],
    ["that is over", tokenOf({ ...ID, exp: seconds(-1) })],
    ["to refresh with", tokenOf({ ...ID, token_use: "refresh" })],
    ["of no kind", tokenOf({ ...ID, token_use: undefined })],
    ["of nobody", tokenOf({ ...ID, sub: "" })],
    ["that is no token", "abc"],
    ["that is empty", ""],
  ])("refuses one %s", async (_what, token) => {
    expect(await verifier().ownerOf(token)).toBeUndefined();
  });

  it("are neither good nor bad while the public keys cannot be had", async () => {
    status = 500;
    const tokens = verifier();
    await expect(tokens.ownerOf(tokenOf(ID))).rejects.toThrow(TransientError);
    status = 200;
    expect(await tokens.ownerOf(tokenOf(ID))).toMatchObject({ userId: "u1" });
  });

  it("are neither good nor bad when the public keys are too long, of which no more than the limit is read", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1_024));
        // One that is read on would never end.
        if (pulled === 100) controller.close();
      },
      cancel: () => {
        cancelled = true;
      },
    });
    vi.stubGlobal("fetch", async () => new Response(endless));
    await expect(verifier().ownerOf(tokenOf(ID))).rejects.toThrow(TransientError);
    expect([pulled < 10, cancelled]).toEqual([true, true]);
  });

  it("are verified by the endpoint's keys where the address is a path", async () => {
    await verifier(`/${POOL}/.well-known/jwks.json`).ownerOf(tokenOf(ID));
    expect(fetched).toEqual([`http://emulator.invalid:4566/${POOL}/.well-known/jwks.json`]);
  });
});
