import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { SourceSecrets } from "../../../../../lambdas/common/adapters/secrets/source-secrets.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { NOON } from "../../../../helpers/rows.ts";

describe("source secrets", () => {
  const world = () => {
    const mock = mockClient(SecretsManagerClient);
    let now = NOON;
    const clock = { now: () => now, sleep: async () => undefined };
    const secrets = new SourceSecrets(mock as unknown as SecretsManagerClient, "enrichline/test", clock);
    return { mock, secrets, pass: (ms: number) => (now += ms) };
  };

  it("are read once a minute, and at once after they were refused", async () => {
    const { mock, secrets, pass } = world();
    mock.on(GetSecretValueCommand).resolves({ SecretString: '{"key":"k"}', VersionId: "v1" });
    expect(await secrets.read("keepa")).toEqual({ text: '{"key":"k"}', version: "v1" });
    await secrets.read("keepa");
    expect(mock.calls()).toHaveLength(1);
    pass(60_000);
    await secrets.read("keepa");
    secrets.forget("keepa");
    await secrets.read("keepa");
    expect(mock.calls()).toHaveLength(3);
    expect(mock.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({ SecretId: "enrichline/test/keepa" });
  });

  it("without a value mean that the source is not configured", async () => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).rejects(Object.assign(new Error("none"), { name: "ResourceNotFoundException" }));
    expect(await secrets.read("keepa")).toBeUndefined();
  });

  it.each(["", "{}"])("that were taken away (%j) mean the same", async (SecretString) => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).resolves({ SecretString, VersionId: "v2" });
    expect(await secrets.read("keepa")).toBeUndefined();
  });

  it("that cannot be read for now are an error, not a missing source", async () => {
    const { mock, secrets } = world();
    mock.on(GetSecretValueCommand).rejects(Object.assign(new Error("slow"), { name: "ThrottlingException" }));
    await expect(secrets.read("keepa")).rejects.toBeInstanceOf(TransientError);
  });
});
