import { expect, test } from "vitest";
import { findPython } from "../../../../local/python/find-python.ts";

const having =
  (commands: Record<string, { version: string; hasVenv: boolean }>) =>
  async (command: string): Promise<{ version: string; hasVenv: boolean } | undefined> =>
    commands[command];

test("the first Python that is new enough is taken", async () => {
  const ask = having({
    python3: { version: "3.9.2", hasVenv: true },
    "python3.12": { version: "3.12.4", hasVenv: true },
  });
  expect(await findPython(ask)).toEqual({ found: true, command: "python3.12", version: "3.12.4" });
});

test("version 3.10 is newer than 3.9", async () => {
  const ask = having({ python3: { version: "3.10.0", hasVenv: true } });
  expect(await findPython(ask)).toMatchObject({ found: true, command: "python3" });
});

test("a Python without venv is reported with the package to install", async () => {
  const ask = having({ python3: { version: "3.11.2", hasVenv: false } });
  expect(await findPython(ask)).toMatchObject({ found: false, problem: expect.stringContaining("python3-venv") });
});

test("only too old ones are reported with what is needed", async () => {
  const ask = having({ python: { version: "2.7.18", hasVenv: false } });
  expect(await findPython(ask)).toMatchObject({ found: false, problem: expect.stringContaining("3.10 or newer") });
});

test("no Python at all says so", async () => {
  expect(await findPython(having({}))).toMatchObject({ found: false, problem: expect.stringContaining("no Python") });
});
