import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installClients, type RunCommand } from "../../../../local/clients/install-clients.ts";

const PYTHON = async () => ({ found: true, command: "python3", version: "3.12.1" }) as const;
const failing =
  (stderr: string): RunCommand =>
  () =>
    Promise.reject(Object.assign(new Error("Command failed"), { stdout: "", stderr }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "enrichline-install-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("third-party clients", () => {
  it("are installed below the folder and nowhere else, at fixed versions", async () => {
    const calls: string[] = [];
    const run: RunCommand = async (command, args, { cwd }) => {
      expect(cwd).toBe(folder);
      calls.push([command, ...args].join(" "));
    };
    expect(await installClients("npm", folder, run, PYTHON)).toEqual({ ready: true });
    expect(await installClients("PyPI", folder, run, PYTHON)).toEqual({ ready: true });
    expect(calls[0]).toContain(`--prefix ${folder} amazon-paapi@1.1.0 paapi5-nodejs-sdk@1.1.0 amazon-sp-api@1.2.1`);
    expect(calls[1]).toBe(`python3 -m venv ${join(folder, "venv")}`);
    expect(calls[2]).toContain("python-amazon-paapi==7.1.0 keepa==1.6.0 python-amazon-sp-api==2.1.35");
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toEqual({ private: true });
  });

  it.each([
    ["npm", "npm error code ENOTFOUND\nnpm error network request failed", "ENOTFOUND"],
    ["npm", "npm error code ECONNREFUSED", "ECONNREFUSED"],
    [
      "PyPI",
      "WARNING: Retrying: NewConnectionError('Failed to establish a new connection')\nERROR: No matching version",
      "ConnectionError",
    ],
    ["PyPI", "WARNING: Retrying after connection broken by 'ConnectTimeoutError'", "ConnectTimeout"],
  ] as const)("are skipped with the reason when %s does not answer: %s", async (registry, stderr, words) => {
    const answer = await installClients(registry, folder, failing(stderr), PYTHON);
    expect(answer).toEqual({
      ready: false,
      why: `the ${registry} registry is not reachable from here (${words})`,
    });
  });

  it.each([
    ["npm", "npm error code ETARGET\nnpm error notarget No matching version found"],
    ["PyPI", "ERROR: No matching distribution found"],
  ] as const)("are an error when %s answers that there are none: %s", (registry, stderr) =>
    expect(installClients(registry, folder, failing(stderr), PYTHON)).rejects.toThrow("Command failed"),
  );

  it("of PyPI are skipped where there is no Python, with what to install", async () => {
    const problem = "there is no Python: install 3.10 or newer";
    const run: RunCommand = () => Promise.reject(new Error("nothing is to be run"));
    expect(await installClients("PyPI", folder, run, async () => ({ found: false, problem }))).toEqual({
      ready: false,
      why: problem,
    });
  });
});
