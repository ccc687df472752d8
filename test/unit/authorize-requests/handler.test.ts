import { beforeEach, describe, expect, it } from "vitest";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { aKey } from "../../helpers/access/api-keys.ts";
import { NOON } from "../../helpers/rows.ts";
import { AuthorizerWorld } from "./authorizer-world.ts";

let world: AuthorizerWorld;
beforeEach(() => {
  world = new AuthorizerWorld();
});
const NO_TOKEN = { via: "nobody", reason: "token" };
const NO_KEY = { via: "nobody", reason: "key" };

describe("a token", () => {
  it.each(["Bearer token-of-anna", "bearer  token-of-anna ", "token-of-anna"])("is known as %j", async (header) => {
    expect(await world.ask(header)).toEqual({
      ...{ via: "person", user_id: "anna", username: "anna@example.com", groups: "operators" },
    });
  });

  it.each(["Bearer other", "Basic token-of-anna", "Bearer token-of-anna more", "Bearer", "x"])(
    "that is none lets nobody in: %j",
    async (header) => {
      expect(await world.ask(header)).toEqual(NO_TOKEN);
    },
  );
});

it("refuses a token whose person was removed or switched off, though it is good for an hour", async () => {
  expect(await world.ask("Bearer token-of-anna")).toMatchObject({ via: "person" });
  world.people.delete("anna");
  expect(await world.ask("Bearer token-of-anna")).toEqual(NO_TOKEN);
  expect(world.logged.join()).toContain("its user is gone");
  expect(world.logged.join()).not.toContain("token-of-anna");
});

it("lets a token in by itself while the user pool does not answer, and says so without it", async () => {
  world.usersFail = true;
  expect(await world.ask("Bearer token-of-anna")).toMatchObject({ via: "person", user_id: "anna" });
  expect(world.logged.join()).toContain("is not known");
  expect(world.logged.join()).not.toContain("token-of-anna");
});

describe("a key", () => {
  it("acts for its owner with its scopes, and never as an operator without the scope", async () => {
    const { row, secret } = aKey({ scopes: ["read", "upload"] });
    await world.keys.create(row, world.nowMs);
    world.people.set("anna", ["operators"]);
    expect(await world.ask(`Bearer ${secret}`)).toEqual({
      ...{ via: "key", user_id: "anna", username: "anna@example.com", key_id: row.key_id },
      ...{ scopes: "read upload", groups: "", valid_until: "" },
    });
  });

  it("operates as long as its owner is an operator, whatever held when it was made", async () => {
    const { row, secret } = aKey({ scopes: ["operate"] });
    await world.keys.create(row, world.nowMs);
    expect(await world.ask(`Bearer ${secret}`)).toMatchObject({ groups: "" });
    world.people.set("anna", ["operators"]);
    expect(await world.ask(`Bearer ${secret}`)).toMatchObject({ groups: "operators" });
    world.people.set("anna", []);
    expect(await world.ask(`Bearer ${secret}`)).toMatchObject({ groups: "" });
  });

  it("lets nobody in with another secret of the same id, or a part of it", async () => {
    const { row, secret } = aKey();
    await world.keys.create(row, world.nowMs);
    const { secret: other } = aKey();
    for (const wrong of [other, secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), "ek_", "ek_x_y"]) {
      expect(await world.ask(`Bearer ${wrong}`), wrong).toEqual(wrong.startsWith("ek_") ? NO_KEY : NO_TOKEN);
    }
  });

  it("ends with its owner: removed, switched off, or a namesake who came later", async () => {
    const { row, secret } = aKey();
    await world.keys.create(row, world.nowMs);
    world.people.delete("anna");
    expect(await world.ask(`Bearer ${secret}`)).toEqual(NO_KEY);
    world.people.set("anna-2", []);
    const taken = aKey({ key_id: "key_aaaaaaaaaaaaaaaa", username: "anna-2@example.com" });
    await world.keys.create(taken.row, world.nowMs);
    expect(await world.ask(`Bearer ${taken.secret}`)).toEqual(NO_KEY);
  });

  it("says nothing while nobody can be asked for its owner: the request fails, and nothing is kept", async () => {
    const { row, secret } = aKey();
    await world.keys.create(row, world.nowMs);
    world.usersFail = true;
    await expect(world.ask(`Bearer ${secret}`)).rejects.toThrow(TransientError);
  });

  it("remembers its last use, at most once in five minutes, and works when that cannot be written", async () => {
    const { row, secret } = aKey();
    await world.keys.create(row, world.nowMs);
    for (const minutes of [0, 1, 4, 5, 6, 11]) {
      world.nowMs = NOON + minutes * 60_000;
      await world.ask(`Bearer ${secret}`);
    }
    expect(world.usesNoted).toBe(3);
    expect((await world.keys.get(row.key_id))?.last_used_at).toBe(isoTime(NOON + 11 * 60_000));
    world.notesFail = true;
    world.nowMs += 3_600_000;
    expect(await world.ask(`Bearer ${secret}`)).toMatchObject({ via: "key" });
  });

  it("is in no log line, nor is a token", async () => {
    const { row, secret } = aKey();
    await world.keys.create(row, world.nowMs);
    await world.keys.revoke(row.key_id, "anna", NOON);
    await world.ask(`Bearer ${secret}`);
    await world.ask("Bearer token-of-anna");
    expect(world.logged.join("\n")).toContain(row.key_id);
    expect(world.logged.join("\n")).not.toContain(secret.slice(-43));
    expect(world.logged.join("\n")).not.toContain(row.secret_hash);
    expect(world.logged.join("\n")).not.toContain("token-of-anna");
  });
});
