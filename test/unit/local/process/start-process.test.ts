import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identify } from "../../../../local/process/process-identity.ts";
import { startProcess, waitUntilReady } from "../../../../local/process/start-process.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "process-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const start = (script: string) =>
  startProcess({
    command: process.execPath,
    args: ["-e", script],
    env: process.env,
    cwd: dir,
    logFile: join(dir, "logs", "child.log"),
  });
const wait = { name: "the child", timeoutMs: 5_000 };

test("a child that dies early is reported with the end of its log", async () => {
  const child = await start("console.error('port is in use'); process.exit(7)");
  const options = { ...wait, logFile: join(dir, "logs", "child.log"), isReady: async () => false };
  await expect(waitUntilReady(child, options)).rejects.toThrow(/the child ended with code 7[\s\S]*port is in use/);
});

test("a child that is never ready is ended at the time limit", async () => {
  const child = await start("setInterval(() => {}, 1000)");
  const options = { ...wait, timeoutMs: 300, logFile: join(dir, "logs", "child.log"), isReady: async () => false };
  await expect(waitUntilReady(child, options)).rejects.toThrow(/not ready after 0.3 s/);
  expect(identify(child.pid)).toBeUndefined();
});

test("stopping ends the children of the child too, and may be done twice", async () => {
  const child = await start(
    "const {spawn}=require('node:child_process'); console.log(spawn('sleep',['60']).pid); setInterval(()=>{},1000)",
  );
  let text = "";
  await waitUntilReady(child, {
    ...wait,
    logFile: join(dir, "logs", "child.log"),
    isReady: async () => {
      text = readFileSync(join(dir, "logs", "child.log"), "utf8").trim();
      return text !== "";
    },
  });
  const grandchild = Number(text);
  expect(identify(grandchild)).toBeDefined();
  await child.stop();
  await child.stop();
  await expect.poll(() => identify(grandchild)).toBeUndefined();
  expect(child.ending()).toMatch(/SIGTERM|code/);
});
