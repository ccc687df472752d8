import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { bareEnvironment } from "../aws-environment.ts";
import { type Layout, REPOSITORY_ROOT } from "../layout.ts";
import { LocalError } from "../local-error.ts";
import { type Upstream, UpstreamSchema } from "../outputs.ts";
import { type ManagedProcess, startProcess, waitUntilReady } from "../process/start-process.ts";

const PortsSchema = z.record(z.string(), UpstreamSchema);
/** Reading a file of some thousand products takes a second or two on a slow machine. */
const READY_TIMEOUT_MS = 60_000;

/** What the simulators serve. */
export interface ProductsChoice {
  /** NDJSON file, plain or gzipped; absent: products made from the ASIN. */
  readonly file?: string | undefined;
  /** Whether null fields of the file stay null instead of being filled. */
  readonly keepNulls: boolean;
}

/** The simulators of a stack, running. */
export interface RunningUpstreams {
  readonly process: ManagedProcess;
  /** Addresses by source id. */
  readonly upstreams: Readonly<Record<string, Upstream>>;
}

/**
 * Starts the upstream simulators on free ports.
 * @param only source ids to simulate
 * @throws LocalError when the products file does not exist, or with the end of the log when they die.
 */
export const startUpstreams = async (
  layout: Layout,
  only: readonly string[],
  products: ProductsChoice,
): Promise<RunningUpstreams> => {
  const file = products.file === undefined ? undefined : resolve(products.file);
  if (file !== undefined && !existsSync(file)) {
    throw new LocalError(
      `the products file ${file} does not exist: give --products an NDJSON file (.ndjson or .ndjson.gz)`,
    );
  }
  rmSync(layout.upstreamPortsFile, { force: true });
  const logFile = join(layout.logsDir, "upstreams.log");
  const child = await startProcess({
    command: process.execPath,
    args: [
      join(REPOSITORY_ROOT, "local", "upstreams", "serve.ts"),
      ...["--ports-file", layout.upstreamPortsFile],
      ...["--only", only.join(",")],
      ...["--clock-file", layout.clockFile],
      ...(file ? ["--products", file] : []),
      ...(products.keepNulls ? ["--keep-nulls"] : []),
    ],
    env: bareEnvironment(),
    cwd: REPOSITORY_ROOT,
    logFile,
  });
  let upstreams: Record<string, Upstream> | undefined;
  await waitUntilReady(child, {
    name: "the upstream simulators",
    logFile,
    timeoutMs: READY_TIMEOUT_MS,
    isReady: async () => {
      upstreams = readPorts(layout.upstreamPortsFile);
      return upstreams !== undefined;
    },
  });
  return { process: child, upstreams: upstreams ?? {} };
};

const readPorts = (file: string): Record<string, Upstream> | undefined => {
  try {
    return PortsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined; // not written, or not wholly written yet
  }
};
