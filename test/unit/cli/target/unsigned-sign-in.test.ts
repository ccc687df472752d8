import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startFakeApi } from "../harness/fake-api.ts";
import { runIn, signIn, writeOutputs } from "../harness/harness.ts";

it("signs in at the local stack without a signature, as Cognito takes it: a made-up one is refused where rights are enforced", async () => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  const api = await startFakeApi((seen) => signIn(seen) ?? { status: 200, body: { catalogs: [], next_cursor: null } });
  try {
    await writeOutputs(folder, api.url);
    await runIn(folder, ["catalogs"]);
    const [signedIn] = api.seen.filter(({ path }) => path === "/");
    expect(signedIn?.headers["x-amz-target"]).toBe("AWSCognitoIdentityProviderService.InitiateAuth");
    expect(signedIn?.headers.authorization).toBeUndefined();
  } finally {
    await api.close();
    await rm(folder, { recursive: true, force: true });
  }
});
