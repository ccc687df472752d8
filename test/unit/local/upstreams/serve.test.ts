import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "serve-"));
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, ["local/upstreams/serve.ts", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
};

describe("the simulators' process", () => {
  it("starts all five, says where they are, and ends on SIGTERM", async () => {
    const ports = join(folder, "ports.json");
    writeFileSync(join(folder, "behaviour.json"), JSON.stringify({ keepa: { refill_rate: 7 } }));
    const child = run("--ports-file", ports, "--behaviour", join(folder, "behaviour.json"));
    while (!existsSync(ports) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    const found = JSON.parse(readFileSync(ports, "utf8"));
    expect(Object.keys(found).toSorted()).toEqual(["creators-api", "keepa", "paapi", "product-page", "sp-api"]);
    for (const { url, controlUrl } of Object.values<{ url: string; controlUrl: string }>(found)) {
      expect((await fetch(`${controlUrl}/calls`)).status).toBe(200);
      await fetch(url);
    }
    expect(found.paapi.tlsUrl).toMatch(/^https:/);
    const keepa = await (await fetch(`${found.keepa.controlUrl}/behaviour`)).json();
    expect(keepa.refill_rate).toBe(7);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it.each([
    [["--only", "nobody"], /no simulator "nobody"/],
    [["--only", "keepa", "--products", "missing.ndjson"], /ENOENT/],
    [["--ports", "keepa"], /not NAME=PORT/],
    [["--behaviour", "test/unit/local/upstreams/wrong-behaviour.json"], /Unrecognized key: "surprise"/],
  ])("says what is wrong with %j", async (args, message) => {
    const child = run(...args);
    let text = "";
    child.stderr?.on("data", (bytes) => {
      text += bytes;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(text).toMatch(message);
  });
});
