import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Layout, layoutOf } from "../../../../local/layout.ts";
import { identify, isAlive, type ProcessIdentity } from "../../../../local/process/process-identity.ts";
import { clearDead, findRunning } from "../../../../local/stack/find-running.ts";
import { createRunFile, type RunFile } from "../../../../local/stack/run-file.ts";

let layout: Layout;
const servers: Server[] = [];
beforeEach(() => {
  layout = layoutOf(mkdtempSync(join(tmpdir(), "running-")));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(layout.dir, { recursive: true, force: true });
});

const ownIdentity = (): ProcessIdentity => {
  const identity = identify(process.pid);
  if (!identity) throw new Error("this process must be visible to itself");
  return identity;
};
const runFile = (change: Partial<RunFile>): RunFile => ({
  instance_id: "instance-1",
  state: "ready",
  main: ownIdentity(),
  gateway_url: null,
  emulator_url: null,
  children: [],
  products: { file: null, keep_nulls: false },
  ...change,
});
const serve = (answer: string): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer((_, response) => response.end(answer));
    servers.push(server);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

test("an empty folder has no stack", async () => {
  expect((await findRunning(layout)).state).toBe("none");
});

test("a start that is under way is told apart from a running stack", async () => {
  createRunFile(layout.runFile, runFile({ state: "starting" }));
  expect((await findRunning(layout)).state).toBe("starting");
});

test("a process with the same pid that was started at another time is a stranger, so the stack is dead", async () => {
  createRunFile(layout.runFile, runFile({ main: { pid: process.pid, start: "another time" } }));
  expect((await findRunning(layout)).state).toBe("dead");
});

test("a stranger on the gateway's port is not taken for our gateway", async () => {
  createRunFile(layout.runFile, runFile({ gateway_url: await serve("hello") }));
  expect(await findRunning(layout)).toMatchObject({ state: "broken", problem: expect.stringContaining("gateway") });
});

test("a stack whose emulator is gone is broken", async () => {
  createRunFile(
    layout.runFile,
    runFile({ gateway_url: await serve("instance-1"), emulator_url: await serve("no emulator") }),
  );
  expect(await findRunning(layout)).toMatchObject({ state: "broken", problem: expect.stringContaining("emulator") });
});

test("a second start cannot take over the run file of the first", () => {
  createRunFile(layout.runFile, runFile({ state: "starting" }));
  expect(() => createRunFile(layout.runFile, runFile({}))).toThrow(/under way/);
});

test("a run file that cannot be read counts as left behind and is cleared", async () => {
  writeFileSync(layout.runFile, "{");
  expect(await findRunning(layout)).toEqual({ state: "dead", run: undefined });
  expect(await clearDead(layout, undefined)).toEqual([]);
  expect(existsSync(layout.runFile)).toBe(false);
});

test("clearing ends a child that was left behind and spares a stranger who got an old pid", async () => {
  const left = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const [leftPid, strangerPid] = [left.pid ?? 0, stranger.pid ?? 0];
  try {
    const identity = identify(leftPid);
    if (!identity) throw new Error("the child must be visible");
    const run = runFile({
      children: [
        { name: "the emulator", identity },
        { name: "the simulators", identity: { pid: strangerPid, start: "long ago" } },
      ],
    });
    expect(await clearDead(layout, run)).toEqual(["the emulator"]);
    expect(isAlive(identity)).toBe(false);
    expect(identify(strangerPid)).toBeDefined();
  } finally {
    left.kill("SIGKILL");
    stranger.kill("SIGKILL");
  }
});
