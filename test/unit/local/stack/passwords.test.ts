import { expect, test } from "vitest";
import { makePassword } from "../../../../local/stack/create-users.ts";

test("every password has 20 characters of all four classes, begins with a letter and needs no quoting", () => {
  for (let round = 0; round < 500; round += 1) {
    const password = makePassword();
    expect(password).toMatch(/^[a-z][A-Za-z0-9._+-]{19}$/);
    for (const needed of [/[a-z]/, /[A-Z]/, /[0-9]/, /[-_.+]/]) expect(password).toMatch(needed);
  }
});

test("no two passwords are alike", () => {
  const made = Array.from({ length: 200 }, makePassword);
  expect(new Set(made).size).toBe(made.length);
});
