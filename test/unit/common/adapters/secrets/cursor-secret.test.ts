import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { CursorSecret } from "../../../../../lambdas/common/adapters/secrets/cursor-secret.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { cursorKeyOf } from "../../../../../lambdas/common/platform/http/cursor-key.ts";
import { NOON } from "../../../../helpers/rows.ts";

const ARN = "arn:aws:secretsmanager:eu-west-1:1:secret:CursorSecret-abc";
const none = Object.assign(new Error("no such version"), { name: "ResourceNotFoundException" });
const idOf = (text: string): Buffer => cursorKeyOf(text).id;

const world = () => {
  const mock = mockClient(SecretsManagerClient);
  let now = NOON;
  const clock = { now: () => now, sleep: async () => undefined };
  const versions = (current: string | undefined, previous?: string): void => {
    const values = { AWSCURRENT: current, AWSPREVIOUS: previous };
    for (const [VersionStage, SecretString] of Object.entries(values)) {
      const call = mock.on(GetSecretValueCommand, { SecretId: ARN, VersionStage });
      if (SecretString === undefined) call.rejects(none);
      else call.resolves({ SecretString });
    }
  };
  const secret = new CursorSecret(mock as unknown as SecretsManagerClient, ARN, clock);
  return { mock, secret, versions, pass: (ms: number) => (now += ms) };
};

describe("the secret of cursors", () => {
  it("is read when a cursor first needs it, and trusted for a minute", async () => {
    const { mock, secret, versions, pass } = world();
    versions("first");
    expect(mock.calls()).toHaveLength(0);
    expect((await secret.current()).id).toEqual(idOf("first"));
    pass(59_999);
    expect((await secret.find(idOf("first")))?.id).toEqual(idOf("first"));
    expect(mock.calls()).toHaveLength(2);
    versions("second", "first");
    pass(1);
    expect((await secret.current()).id).toEqual(idOf("second"));
    expect((await secret.find(idOf("first")))?.id).toEqual(idOf("first"));
  });

  it("knows a new value at once when a cursor of it comes, and looks for invented ids at most every two seconds", async () => {
    const { mock, secret, versions, pass } = world();
    versions("first");
    await secret.current();
    versions("second", "first");
    pass(2_000);
    expect((await secret.find(idOf("second")))?.id).toEqual(idOf("second"));
    const calls = mock.calls().length;
    expect(await secret.find(idOf("invented"))).toBeUndefined();
    expect(mock.calls()).toHaveLength(calls);
    pass(2_000);
    expect(await secret.find(idOf("invented"))).toBeUndefined();
    expect(mock.calls()).toHaveLength(calls + 2);
  });

  it("opens nothing by a key that was replaced twice, once its time is over", async () => {
    const { secret, versions, pass } = world();
    versions("first");
    await secret.current();
    versions("third", "second");
    pass(60_000);
    expect(await secret.find(idOf("first"))).toBeUndefined();
  });

  it("fails as transient while it cannot be read, and as a fault when it has no value", async () => {
    const { mock, secret, versions } = world();
    mock.on(GetSecretValueCommand).rejects(Object.assign(new Error("slow"), { name: "TimeoutError" }));
    await expect(secret.current()).rejects.toBeInstanceOf(TransientError);
    versions(undefined);
    await expect(secret.current()).rejects.toThrow("has no value");
  });
});
