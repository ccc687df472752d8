import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installMinistack } from "../../../../local/emulator/install-ministack.ts";
import { isEmulatorHealthy } from "../../../../local/emulator/is-emulator-healthy.ts";
import { type LauncherAnswer, type Launchers, venvLauncher } from "../../../../local/emulator/launchers.ts";
import { startEmulator } from "../../../../local/emulator/start-emulator.ts";
import { messageOf } from "../../../../local/local-error.ts";

/** A program that does of an emulator what a start looks at: it answers for its health on the port it was given. */
const EMULATOR = `require("node:http")
  .createServer((_, answer) => answer.end(JSON.stringify({ services: {} })))
  .listen(Number(process.env.GATEWAY_PORT), "127.0.0.1")`;

let dir: string;
let asked: string[];
let said: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "enrichline-emulator-"));
  asked = [];
  said = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** @param look gets the settings that the emulator is started with */
const usable = (name: string, look: (settings: Record<string, string>) => void = () => {}): LauncherAnswer => ({
  launcher: {
    ...{ name, timeoutMs: 15_000 },
    command: (settings) => {
      look(settings);
      return { command: process.execPath, args: ["-e", EMULATOR] };
    },
  },
});

/** Launchers of which only those in `works` can be used; `asked` tells in which order they were tried. */
const launchersWith = (...works: readonly (keyof Launchers)[]): Launchers => {
  const answer = (name: keyof Launchers) => async (): Promise<LauncherAnswer> => {
    asked.push(name);
    return works.includes(name) ? usable(name) : { problem: `no ${name} here` };
  };
  return { venv: answer("venv"), uv: answer("uv"), docker: answer("docker") };
};

const start = (launchers: Launchers, endpoint?: string) =>
  startEmulator({
    ...{ dir, port: 0, launchers, say: (line: string) => void said.push(line) },
    env: { PATH: process.env.PATH, ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}) },
  });

/** An emulator that somebody else runs. */
const strangers = async (): Promise<{ url: string; close: () => void }> => {
  const server = createServer((_, answer) => answer.end(JSON.stringify({ services: {} })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
};

describe("the emulator comes", () => {
  it("from its virtual environment before all else, and stop ends it with its temporary files", async () => {
    const other = await strangers();
    const emulator = await start(launchersWith("venv", "uv", "docker"), other.url);
    try {
      expect(asked).toEqual(["venv"]);
      expect(emulator.url).not.toBe(other.url);
      expect(emulator.pid).toEqual(expect.any(Number));
      expect(await isEmulatorHealthy(emulator.url)).toBe(true);
      expect(existsSync(join(dir, "tmp"))).toBe(true);
    } finally {
      await emulator.stop();
      await emulator.stop();
      other.close();
    }
    expect(await isEmulatorHealthy(emulator.url)).toBe(false);
    expect(existsSync(join(dir, "tmp"))).toBe(false);
  });

  it.each([
    [undefined, "true"],
    [true, "false"],
  ])("checks signatures and rights, unless it is started without them (%s)", async (withoutRights, AUTH) => {
    const given: Readonly<Record<string, string>>[] = [];
    const launcher = usable("venv", (settings) => void given.push(settings));
    const launchers = { ...launchersWith(), venv: async () => launcher };
    const emulator = await startEmulator({
      dir,
      port: 0,
      launchers,
      env: { PATH: process.env.PATH },
      ...(withoutRights ? { withoutRights } : {}),
    });
    await emulator.stop();
    expect(given).toMatchObject([{ AUTH }]);
  });

  it("else from AWS_ENDPOINT_URL, and is left alone by stop", async () => {
    const other = await strangers();
    const emulator = await start(launchersWith("uv", "docker"), `${other.url}/`);
    expect(asked).toEqual(["venv"]);
    expect(emulator).toMatchObject({ url: other.url, pid: null });
    expect(said).toEqual([`using the emulator at ${other.url}/`]);
    await emulator.stop();
    expect(await isEmulatorHealthy(other.url)).toBe(true);
    other.close();
  });

  it.each([
    ["uv", ["venv", "uv"]],
    ["docker", ["venv", "uv", "docker"]],
  ] as const)("else by %s, saying why", async (name, order) => {
    const gone = await strangers();
    gone.close();
    const emulator = await start(launchersWith(name, "docker"), gone.url);
    await emulator.stop();
    expect(asked).toEqual(order);
    expect(said).toEqual([expect.stringMatching(/^starting MiniStack by (uv|Docker), because of .*no venv here/)]);
  });
});

describe("where no way is left", () => {
  it("every way is named with its problem, in order, and what to install", async () => {
    const lines = (await start(launchersWith()).then(() => "", messageOf)).split("\n");
    expect(lines[0]).toMatch(/No way to run the AWS emulator .* Tried in order:$/);
    expect(lines.slice(1)).toEqual([
      "  - its virtual environment: no venv here",
      "  - AWS_ENDPOINT_URL: not set",
      "  - uv: no uv here",
      "  - Docker: no docker here",
      "Install Python 3.10 or newer (with venv and pip), or uv, or Docker, and start again.",
    ]);
  });

  it("an address at which nobody answers is named", async () => {
    const gone = await strangers();
    gone.close();
    await expect(start(launchersWith(), gone.url)).rejects.toThrow(
      `AWS_ENDPOINT_URL: no emulator answers at ${gone.url}`,
    );
  });

  it("a pip that fails is told in its own words, with what to check, and leaves nothing half made", async () => {
    const home = join(dir, "home");
    const python = join(dir, "python");
    // `-m venv FOLDER` makes an environment whose pip reaches no index.
    const inside = "echo 'ERROR: No matching distribution found for ministack' >&2; exit 1";
    writeFileSync(
      python,
      `#!/bin/sh\nmkdir -p "$3/bin"\nprintf '#!/bin/sh\\n%s\\n' "${inside}" > "$3/bin/python"\nchmod +x "$3/bin/python"\n`,
    );
    chmodSync(python, 0o755);
    const find = async () => ({ found: true as const, command: python, version: "3.12.0" });
    const launchers: Launchers = {
      ...launchersWith(),
      venv: (say, signal) => venvLauncher(say, signal, () => installMinistack(home, { say, signal, find })),
    };
    const message = await start(launchers).then(() => "", messageOf);
    expect(message).toContain("its virtual environment: installing the packages failed with code 1");
    expect(message).toContain("ERROR: No matching distribution found for ministack");
    expect(message).toContain("check that a package index can be reached (network, proxy), then start again");
    expect(message).toContain("Docker: no docker here");
    expect(said[0]).toMatch(/^first use: installing MiniStack [\d.]+ with Python 3\.12\.0/);
    expect(readdirSync(home)).toEqual([]);
  });

  it("an interrupted installation is not taken for a missing way", async () => {
    const interrupted = new AbortController();
    interrupted.abort();
    const install = async (): Promise<string> => {
      throw new Error("interrupted");
    };
    await expect(venvLauncher(() => {}, interrupted.signal, install)).rejects.toThrow("interrupted");
  });
});
