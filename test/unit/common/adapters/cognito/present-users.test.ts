import { beforeEach, expect, it } from "vitest";
import {
  PRESENCE_HOLDS_MS,
  PRESENCE_IN_DOUBT_MS,
  PresentUsers,
} from "../../../../../lambdas/common/adapters/cognito/present-users.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

let nowMs: number;
let asked: string[];
let there: Set<string>;
let isAway: boolean;
let users: PresentUsers;

const look = (question: string, userId: string): boolean => {
  asked.push(question);
  if (isAway) throw new TransientError("Cognito is away");
  return there.has(userId);
};

beforeEach(() => {
  nowMs = 0;
  asked = [];
  there = new Set(["u1"]);
  isAway = false;
  const directory = {
    isThere: async (username: string, userId: string) => look(`${username}/${userId}`, userId),
    hasUser: async (userId: string) => look(userId, userId),
  };
  users = new PresentUsers(directory, { now: () => nowMs });
});

it("asks once a minute for each person, by name where it is known, and remembers either answer", async () => {
  for (let ask = 0; ask < 3; ask += 1) {
    expect(await users.isPresent({ userId: "u1", username: "anna" })).toBe(true);
    expect(await users.isPresent({ userId: "u2" })).toBe(false);
  }
  expect(asked).toEqual(["anna/u1", "u2"]);
  there = new Set(["u2"]);
  nowMs = PRESENCE_HOLDS_MS - 1;
  expect(await users.isPresent({ userId: "u1" })).toBe(true);
  nowMs = PRESENCE_HOLDS_MS;
  expect(await users.isPresent({ userId: "u1" })).toBe(false);
  expect(await users.isPresent({ userId: "u2" })).toBe(true);
});

it("says neither yes nor no when the user pool does not answer, and asks again", async () => {
  isAway = true;
  await expect(users.isPresent({ userId: "u1" })).rejects.toThrow(TransientError);
  isAway = false;
  expect(await users.isPresent({ userId: "u1" })).toBe(true);
});

it("goes by its last answer for a quarter of an hour while the user pool does not answer, and no longer", async () => {
  expect(await users.isPresent({ userId: "u1" })).toBe(true);
  expect(await users.isPresent({ userId: "u2" })).toBe(false);
  isAway = true;
  nowMs = PRESENCE_HOLDS_MS + PRESENCE_IN_DOUBT_MS - 1;
  expect(await users.isPresent({ userId: "u1" })).toBe(true);
  expect(await users.isPresent({ userId: "u2" })).toBe(false);
  nowMs += 1;
  await expect(users.isPresent({ userId: "u1" })).rejects.toThrow(TransientError);
});
