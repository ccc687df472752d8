import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { CATALOG_ID, report, startFakeApi, status } from "./harness/fake-api.ts";

const SCRIPT = fileURLToPath(new URL("../../../cli/enrichline.ts", import.meta.url));
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

it("as a process: Ctrl-C leaves the run going, says how to watch, and pipes no colours", async () => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  const file = join(folder, "mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
  const api = await startFakeApi((seen) =>
    seen.method === "POST" ? { status: 202, body: report } : { status: 200, body: status("running", 5, 0) },
  );
  cleanUps.push(api.close, () => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [SCRIPT, "upload", file], {
    env: { ...process.env, ENRICHLINE_API_URL: `${api.url}/api/v1`, ENRICHLINE_TOKEN: "t" },
  });
  let text = "";
  child.stdout.on("data", (data: Buffer) => {
    text += data;
  });
  child.stderr.on("data", (data: Buffer) => {
    text += data;
    // The first progress line is there, so the run is being watched.
    if (String(data).includes("5/20")) child.kill("SIGINT");
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(text).toContain(`Watch it with: enrichline watch ${CATALOG_ID}`);
  expect(text).not.toContain("\u001b");
  expect(code).toBe(130);
});

it("as a process: a dry run says the finish in the machine's own time zone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  const file = join(folder, "mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
  const estimate = { ...report.estimate, finishes_at: "2001-08-04T18:30:00.000Z" };
  const body = { ...report, catalog_id: null, tracking_id: null, estimate };
  const api = await startFakeApi(() => ({ status: 200, body }));
  cleanUps.push(api.close, () => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [SCRIPT, "upload", file, "--dry-run"], {
    env: { ...process.env, TZ: "Asia/Tokyo", ENRICHLINE_API_URL: `${api.url}/api/v1`, ENRICHLINE_TOKEN: "t" },
  });
  let out = "";
  child.stdout.on("data", (data: Buffer) => {
    out += data;
  });
  await new Promise((resolve) => child.on("close", resolve));
  expect(out).toContain("about 3 s, ends on Sun 5 Aug 2001 at 03:30 local time");
});
