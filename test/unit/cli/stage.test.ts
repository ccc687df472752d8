import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { stageHarness, tokens } from "./harness/stage-harness.ts";

const { start, pathOf } = stageHarness();

const sessionFile = () => pathOf("session-dev-client.json");

describe("login", () => {
  it("keeps the sign-in for its owner alone, uses it, and renews it when it ends", async () => {
    let renewals = 0;
    const { devCli: cli, calls } = await start(({ name, input }) => {
      if (name === "InitiateAuth" && input.AuthFlow === "USER_PASSWORD_AUTH") return tokens("first");
      if (name === "InitiateAuth") {
        renewals += 1;
        return tokens("second");
      }
      return name === "GET /quota" ? { body: { sources: [], timestamp: "2026-08-01T00:00:00.000Z" } } : undefined;
    });
    const login = await cli(["login", "--user", "a@example.com"], { answers: ["Pass-word-1234"] });
    expect(login).toMatchObject({ code: 0, out: "a@example.com is signed in at dev.\n" });
    expect(login.asked).toEqual([{ question: "Password: ", hidden: true }]);
    expect((await stat(sessionFile())).mode & 0o777).toBe(0o600);
    expect(await readFile(sessionFile(), "utf8")).not.toContain("Pass-word-1234");
    expect((await cli(["quota"])).code).toBe(0);
    expect(calls.at(-1)?.authorization).toBe("Bearer first");
    expect(renewals).toBe(0);
    expect((await cli(["quota"], { nowMs: 3_590_000 })).code).toBe(0);
    expect(calls.at(-1)?.authorization).toBe("Bearer second");
    expect(renewals).toBe(1);
  });

  it("lets somebody who was invited choose a password", async () => {
    const { devCli: cli, calls } = await start(({ name }) => {
      if (name === "InitiateAuth") {
        return { body: { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s".repeat(30), ChallengeParameters: {} } };
      }
      return name === "RespondToAuthChallenge" ? tokens("mine") : undefined;
    });
    const answers = ["a@example.com", "Temporary-1234", "My-own-password-1", "My-own-password-1"];
    expect((await cli(["login"], { answers })).code).toBe(0);
    expect(calls.at(-1)?.input.ChallengeResponses).toMatchObject({ NEW_PASSWORD: "My-own-password-1" });
  });

  it("says so when the password is wrong, and when nobody is signed in", async () => {
    const { devCli: cli } = await start(({ name }) =>
      name === "InitiateAuth" ? { error: "NotAuthorizedException" } : undefined,
    );
    const wrong = await cli(["login", "--user", "a@example.com"], { stdin: "nope\n" });
    expect(wrong.code).toBe(3);
    expect(wrong.err).toContain("wrong");
    const nobody = await cli(["catalogs"]);
    expect(nobody.code).toBe(3);
    expect(nobody.err).toContain("enrichline login --stage dev");
  });

  it("logout forgets it", async () => {
    const { devCli: cli } = await start(({ name }) => (name === "InitiateAuth" ? tokens("first") : undefined));
    await cli(["login", "--user", "a@example.com"], { stdin: "Pass-word-1234" });
    expect((await cli(["logout"])).code).toBe(0);
    await expect(stat(sessionFile())).rejects.toThrow("ENOENT");
  });
});

describe("a stage that is not there", () => {
  it("ends with 4 and says how to deploy it", async () => {
    const { cli } = await start(() => undefined);
    const { code, err } = await cli(["catalogs", "--stage", "staging"]);
    expect(code).toBe(4);
    expect(err).toContain("Stage staging is not deployed in eu-central-1");
    expect(err).toContain("npx enrichline deploy --stage staging");
  });
});

describe("users", () => {
  it("add sends an invitation, or sets a password and sends none", async () => {
    const { devCli: cli, calls } = await start(() => ({ body: {} }));
    expect((await cli(["users", "add", "a@example.com"])).out).toContain("gets an invitation by mail");
    expect(calls.map(({ name }) => name)).toEqual(["AdminCreateUser"]);
    expect(calls[0]?.input).toMatchObject({ UserPoolId: "eu-central-1_pool", DesiredDeliveryMediums: ["EMAIL"] });
    calls.length = 0;
    const args = ["users", "add", "op@example.com", "--operator", "--set-password"];
    const { code, out, err } = await cli(args, { stdin: "Pass-word-1234\n" });
    expect(code).toBe(0);
    expect(out + err).not.toContain("Pass-word-1234");
    expect(calls.map(({ name }) => name)).toEqual(["AdminCreateUser", "AdminSetUserPassword", "AdminAddUserToGroup"]);
    expect(calls[0]?.input).toMatchObject({ MessageAction: "SUPPRESS" });
    expect(calls[2]?.input).toMatchObject({ GroupName: "operators" });
  });

  it("add refuses somebody who is there, and takes a user with a bad password away again", async () => {
    const { devCli: cli, calls } = await start(({ name, input }) => {
      if (input.Username === "old@example.com") return { error: "UsernameExistsException" };
      return name === "AdminSetUserPassword" ? { error: "InvalidPasswordException" } : { body: {} };
    });
    const old = await cli(["users", "add", "old@example.com"]);
    expect(old).toMatchObject({ code: 2, err: expect.stringContaining("is a user already") });
    const bad = await cli(["users", "add", "new@example.com", "--set-password"], { stdin: "short" });
    expect(bad).toMatchObject({ code: 2, err: expect.stringContaining("12 characters") });
    expect(calls.at(-1)?.name).toBe("AdminDeleteUser");
  });

  it("remove says so when there is none of that name", async () => {
    const { devCli: cli } = await start(() => ({ error: "UserNotFoundException" }));
    expect(await cli(["users", "remove", "x@example.com"])).toMatchObject({
      code: 4,
      err: expect.stringContaining("There is no user x@example.com"),
    });
  });
});
