import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import * as z from "zod";
import { readDeployment } from "../../cli/aws/read-deployment.ts";
import { DataSourcesSchema } from "../../lambdas/common/core/contract/operations/data-sources.ts";
import { SourceCheckSchema } from "../../lambdas/common/core/contract/operations/probes.ts";
import { QuotaSchema } from "../../lambdas/common/core/contract/operations/quota.ts";
import { clientConfig } from "../../local/aws-environment.ts";
import { LOCAL_CREDENTIALS } from "../../local/upstreams/local-credentials.ts";
import { type Api, apiAs } from "../helpers/e2e/api.ts";
import { Upstream } from "../helpers/e2e/upstream.ts";
import { waitFor } from "../helpers/e2e/wait-for.ts";

const SCRIPT = fileURLToPath(new URL("../../cli/enrichline.ts", import.meta.url));
const SOURCE = "creators-api";
const GOOD = LOCAL_CREDENTIALS[SOURCE];
/** A value that would be found wherever it leaked to. */
const BAD_SECRET = "amzn1.oa2-cs.v1.leak-check-5f1c9b";
const ReportSchema = z.object({ sources: z.array(SourceCheckSchema) });

const outputs = inject("outputs");
const stateDir = inject("stateDir");
const upstream = new Upstream(outputs);
const secrets = new SecretsManagerClient(clientConfig(outputs.emulatorUrl));
let shown = "";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const cli = (args: readonly string[], stdin = "", env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      { env: { ...process.env, ENRICHLINE_LOCAL_DIR: stateDir, ...env }, timeout: 240_000 },
      (error, out, err) => {
        shown += out + err;
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
    child.stdin?.end(stdin);
  });

/** Runs a command that makes one call, at an upstream without faults, until it says so: where the machine is busy, the call may run into a time limit. */
const cliUntil = (
  what: string,
  args: string[],
  isSo: (seen: { readonly code: number; readonly out: string }) => boolean,
  stdin = "",
) => {
  const attempt = async () => {
    await upstream.begin();
    return cli(args, stdin);
  };
  return waitFor(`${args.join(" ")} to say ${what}`, attempt, isSo, 60);
};
const store = (secret: object, says: string) =>
  cliUntil(says, ["credentials", "set", SOURCE], ({ out }) => out.includes(says), JSON.stringify(secret));

const restore = () => store(GOOD, "They work.");

beforeAll(async () => {
  await restore();
  await upstream.begin();
});
afterEach(() => upstream.begin());
afterAll(async () => {
  await restore();
  secrets.destroy();
});

const doctor = async (): Promise<{ code: number; found: z.infer<typeof SourceCheckSchema> | undefined }> => {
  const { code, out } = await cli(["doctor", "--json"]);
  return { code, found: ReportSchema.parse(JSON.parse(out)).sources.find(({ source }) => source === SOURCE) };
};

/** Its one call may run into a time limit where the machine is busy, which says nothing about the source. */
const doctorSays = (what: string, isSo: (found: Awaited<ReturnType<typeof doctor>>["found"]) => boolean) =>
  waitFor(`doctor to say ${what}`, doctor, ({ found }) => isSo(found), 60);

describe("enrichline doctor", () => {
  it("finds all well, step by step, by one call", async () => {
    const { out } = await cliUntil("ok", ["doctor", "--source", SOURCE, "--json"], ({ code }) => code === 0);
    expect(ReportSchema.parse(JSON.parse(out)).sources).toMatchObject([
      {
        source: SOURCE,
        ok: true,
        state: "ok",
        checks: [
          { name: "credentials shape", ok: true },
          { name: "token", ok: true },
          { name: "one call", ok: true },
        ],
      },
    ]);
    expect((await upstream.calls()).total).toBe(1);
  });

  it("shows a table without --json", async () => {
    const { out, err } = await cliUntil("ok", ["doctor", "--source", SOURCE], ({ code }) => code === 0);
    expect(err).toContain(`target: local (${outputs.apiUrl})`);
    expect(out).toMatch(/creators-api +ok +ok +ok +ok +www\.amazon\.com/);
    expect(out).toContain("All is well.");
    expect(out).not.toContain("\u001b");
  });

  it("says in plain words that the account has no sales, and pauses the source", async () => {
    await upstream.set({ not_eligible: true });
    const { code, found } = await doctorSays("paused", (seen) => seen?.state === "paused");
    expect(code).toBe(1);
    expect(found?.ok).toBe(false);
    expect(found?.reason).toContain("10 qualified sales");
    // A picture of the sources is reused for 3 s.
    const quota = await waitFor(
      "the quota to say so",
      async () =>
        QuotaSchema.parse(JSON.parse((await cli(["quota", "--json"])).out)).sources.find(
          ({ source }) => source === SOURCE,
        ),
      (seen) => seen?.state === "paused",
      15,
    );
    expect(quota?.reason).toMatch(/^creators-api is paused: .*10 qualified sales in the last 30 days\.$/);
    expect(quota?.next_step).toMatch(/^Wait for sales to be counted.* A trial call follows by itself at /);
    // Storing the same credentials again sells nothing.
    expect(quota?.next_step).not.toContain("credentials set");
    await restore();
    const after = await doctorSays("ok", (seen) => seen?.ok === true);
    expect(after.found?.state).toBe("ok");
  });

  it("is for operators", async () => {
    const { code, err } = await cli(["doctor"], "", { ENRICHLINE_USER: "demo" });
    expect(code).toBe(3);
    expect(err).toContain("operators");
    const demo: Api = await apiAs(outputs, "demo");
    const body = JSON.stringify({ source: SOURCE });
    const headers = { "content-type": "application/json" };
    await demo.refusal(403, "POST", "/operations/probes", { body, headers });
    const nobody = await fetch(`${outputs.apiUrl}/operations/probes`, { method: "POST", body, headers });
    expect(nobody.status).toBe(401);
  });
});

describe("enrichline credentials", () => {
  it("set refuses an incomplete secret, names the fields and stores nothing", async () => {
    const { client_id: _id, ...incomplete } = { ...GOOD, client_secret: BAD_SECRET };
    const { code, err } = await cli(["credentials", "set", SOURCE], JSON.stringify(incomplete));
    expect(code).toBe(2);
    expect(err).toContain("client_id: is missing");
    expect((await cli(["credentials", "status", SOURCE])).code).toBe(0);
    expect((await doctorSays("ok", (seen) => seen?.ok === true)).found?.state).toBe("ok");
  });

  it("set stores bad ones, says that they do not work, and good ones put everything right at once", async () => {
    const refused = "They do not work yet. Amazon does not accept the client id and secret";
    const bad = await store({ ...GOOD, client_secret: BAD_SECRET }, refused);
    expect(bad.code).toBe(1);
    // The runbook's section of the alarm begins with this command: it names the fix, which is the next one.
    const { found } = await doctorSays("paused", (seen) => seen?.state === "paused");
    expect(found?.ok).toBe(false);
    expect(found?.next_step).toContain(`enrichline credentials set ${SOURCE}`);
    expect((await store(GOOD, "They work.")).code).toBe(0);
    expect((await doctorSays("ok", (seen) => seen?.ok === true)).found?.state).toBe("ok");
  });

  it("remove makes the source not configured, and status says how to continue", async () => {
    expect((await cli(["credentials", "remove", SOURCE])).code).toBe(0);
    const status = await cli(["credentials", "status", SOURCE]);
    expect(status.code).toBe(1);
    expect(status.out).toContain(`enrichline credentials set ${SOURCE}`);
    const { code, found } = await doctor();
    expect(code).toBe(1);
    expect(found).toMatchObject({ state: "not_configured", marketplace: null });
    await restore();
    const kept = await secrets.send(new GetSecretValueCommand({ SecretId: `enrichline/local/${SOURCE}` }));
    expect(JSON.parse(kept.SecretString ?? "")).toMatchObject({ client_id: GOOD.client_id });
  });
});

it("a deployed stage is found by the outputs of its stacks", async () => {
  const deployment = await readDeployment("local", clientConfig(outputs.emulatorUrl));
  expect(deployment).toMatchObject({
    userPoolId: outputs.auth.userPoolId,
    clientId: outputs.auth.clientId,
    secretPrefix: "enrichline/local",
  });
  expect((await fetch(`${deployment.apiUrl}/health`)).status).toBe(200);
});

it("users come and go, and may sign in", async () => {
  const email = "doctor-test@enrichline.example";
  await cli(["users", "remove", email]);
  const added = await cli(["users", "add", email, "--operator", "--set-password"], "Doctor-test-1234\n");
  expect(added).toMatchObject({ code: 0 });
  expect((await cli(["users", "add", email])).code).toBe(2);
  expect((await cli(["users", "remove", email])).code).toBe(0);
  expect((await cli(["users", "remove", email])).code).toBe(4);
});

it("analytics count what was called, with the design's figures", async () => {
  const demo = await apiAs(outputs, "demo");
  const { status, body } = await demo.call("GET", "/analytics/data-sources", { query: { hours: "24" } });
  expect(status).toBe(200);
  const figures = DataSourcesSchema.parse(body).data_sources[SOURCE];
  expect(figures?.total_requests).toBeGreaterThan(3);
  expect(Object.keys(figures?.failures_by_code ?? {})).toEqual(
    expect.arrayContaining(["InvalidClient", "AssociateNotEligible"]),
  );
  await demo.refusal(400, "GET", "/analytics/data-sources", { query: { hours: "0" } });
});

it("no secret was shown or logged", async () => {
  const logs = join(stateDir, "logs");
  const texts = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), "utf8")));
  expect(texts.join("").length).toBeGreaterThan(0);
  for (const text of [shown, ...texts]) {
    for (const secret of [BAD_SECRET, GOOD.client_secret, "Doctor-test-1234"])
      expect(text.includes(secret)).toBe(false);
  }
});
