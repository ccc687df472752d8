import { expect, test } from "vitest";
import { runCommand } from "../../../../local/process/run-command.ts";

const node = (script: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  runCommand({
    name: "the step",
    command: process.execPath,
    args: ["-e", script],
    env: process.env,
    cwd: process.cwd(),
    timeoutMs: 10_000,
    ...more,
  });

test("a command that succeeds gives all of its output", async () => {
  expect(await node("console.log('out'); console.error('err')")).toMatch(/out[\s\S]*err|err[\s\S]*out/);
});

test("a command that fails is reported with its name, its code and the end of its output", async () => {
  await expect(node("console.log('why it failed'); process.exit(3)")).rejects.toThrow(
    /the step failed with code 3[\s\S]*why it failed/,
  );
});

test("a command that hangs is ended at its time limit", async () => {
  await expect(node("setInterval(() => {}, 1000)", { timeoutMs: 300 })).rejects.toThrow(/took longer than 0.3 s/);
});

test("an abort ends the command", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  await expect(node("setInterval(() => {}, 1000)", { signal: controller.signal })).rejects.toThrow(/interrupted/);
});

test("a program that does not exist is named", async () => {
  await expect(
    runCommand({ name: "the step", command: "/nonexistent/program", args: [], env: {}, cwd: "/", timeoutMs: 1_000 }),
  ).rejects.toThrow(/could not be started/);
});
