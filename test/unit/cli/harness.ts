import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../../cli/program.ts";
import { type Reply, type Seen, startFakeApi } from "./fake-api.ts";
import { NO_INPUT } from "./no-input.ts";

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
  readonly cli: (
    args: readonly string[],
    settings?: { readonly interrupt?: AbortController; readonly nowMs?: number; readonly live?: boolean },
  ) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

/** Starts it; `reply` plays the API. */
export const openHarness = async (reply: (seen: Seen) => Reply): Promise<Harness> => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-cli-"));
  const api = await startFakeApi((seen) =>
    seen.path === "/" ? { status: 200, body: { AuthenticationResult: { IdToken: "local-token" } } } : reply(seen),
  );
  await writeFile(
    join(folder, "outputs.json"),
    JSON.stringify({
      apiUrl: `${api.url}/api/v1`,
      emulatorUrl: api.url,
      auth: { region: "us-east-1", userPoolId: "us-east-1_x", clientId: "client" },
      users: { demo: { username: "demo", password: "secret" } },
    }),
  );
  return {
    folder,
    calls: () => api.seen.filter(({ path }) => path !== "/"),
    cli: async (args, { interrupt = new AbortController(), nowMs = 0, live = false } = {}) => {
      let out = "";
      let err = "";
      const code = await runCli(args, {
        ...NO_INPUT,
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        live,
        env: { ENRICHLINE_LOCAL_DIR: folder },
        fetch,
        now: () => nowMs,
        sleep: async () => {},
        interrupted: interrupt.signal,
        paint: (_, text) => text,
      });
      return { code, out, err };
    },
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
