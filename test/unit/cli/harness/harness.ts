import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Io } from "../../../../cli/output/io.ts";
import { runCli } from "../../../../cli/program.ts";
import { type Reply, type Seen, startFakeApi } from "./fake-api.ts";
import { SILENT_IO } from "./no-input.ts";

/** How a command ended and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line against a small real server on loopback, in a folder of its own. */
export interface Harness {
  /** Folder for files; removed by `close`. */
  readonly folder: string;
  /** Calls of the API so far, without the sign-in. */
  readonly calls: () => Seen[];
  readonly cli: (args: readonly string[], settings?: RunSettings) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

/** Settings of one run of the command. */
export interface RunSettings {
  readonly interrupt?: AbortController;
  readonly nowMs?: number;
  readonly live?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What else is otherwise. */
  readonly io?: Partial<Io>;
}

/** What the sign-in of the local stack answers; undefined for every other request. */
export const signIn = ({ path }: Seen): Reply | undefined =>
  path === "/" ? { status: 200, body: { AuthenticationResult: { IdToken: "local-token" } } } : undefined;

/** Makes `folder` the state folder of a local stack whose API and sign-in are at `url`. */
export const writeOutputs = (folder: string, url: string): Promise<void> =>
  writeFile(
    join(folder, "outputs.json"),
    JSON.stringify({
      apiUrl: `${url}/api/v1`,
      emulatorUrl: url,
      auth: { region: "us-east-1", userPoolId: "us-east-1_x", clientId: "client" },
      users: {
        demo: { username: "demo", password: "secret" },
        operator: { username: "operator", password: "secret" },
      },
    }),
  );

/** Runs the command with nobody at the keyboard and no waiting, unless `changes` say otherwise, and keeps what it wrote. */
export const runWith = async (args: readonly string[], changes: Partial<Io>): Promise<Ended> => {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    ...SILENT_IO,
    interrupted: new AbortController().signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...changes,
  });
  return { code, out, err };
};

/** Runs the command against the local stack of `folder`, with nobody at the keyboard and no waiting. */
export const runIn = (
  folder: string,
  args: readonly string[],
  { interrupt = new AbortController(), nowMs = 0, live = false, env = {}, io = {} }: RunSettings = {},
): Promise<Ended> => {
  return runWith(args, {
    live,
    env: { ENRICHLINE_LOCAL_DIR: folder, ...env },
    now: () => nowMs,
    interrupted: interrupt.signal,
    ...io,
  });
};

/** A folder and an API of each test of a file; both go when the test has ended. */
export const localHarness = () => {
  let folder = "";
  let stop: (() => Promise<void>) | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  });
  afterEach(async () => {
    await stop?.();
    stop = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  return {
    /** Where a file of the test's folder is. */
    pathOf: (...names: string[]): string => join(folder, ...names),
    /** Starts the API; `reply` plays it. */
    start: async (reply: (seen: Seen) => Reply) => {
      const api = await startFakeApi((seen) => signIn(seen) ?? reply(seen));
      await stop?.();
      stop = api.close;
      await writeOutputs(folder, api.url);
      return { ...api, calls: () => api.seen.filter(({ path }) => path !== "/") };
    },
    cli: (args: readonly string[], settings: RunSettings = {}): Promise<Ended> => runIn(folder, args, settings),
  };
};

/** Starts it; `reply` plays the API. */
export const openHarness = async (reply: (seen: Seen) => Reply): Promise<Harness> => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  const api = await startFakeApi((seen) => signIn(seen) ?? reply(seen));
  await writeOutputs(folder, api.url);
  return {
    folder,
    calls: () => api.seen.filter(({ path }) => path !== "/"),
    cli: (args, settings) => runIn(folder, args, settings),
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
