import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { LocalError } from "../local-error.ts";

const IdentitySchema = z.object({ pid: z.number().int().positive(), start: z.string().min(1) });

/** `run.json`: who runs a local stack. It exists from the first moment of a start to the last of a stop. */
export const RunFileSchema = z.object({
  /** Also answered by the gateway, so that a stranger on the port is not taken for ours. */
  instance_id: z.string().min(1),
  state: z.enum(["starting", "ready"]),
  /** The process that runs the gateway and stops everything when it is asked by SIGTERM. */
  main: IdentitySchema,
  gateway_url: z.url().nullable(),
  emulator_url: z.url().nullable(),
  /** Leaders of the process groups that the main process started. */
  children: z.array(z.object({ name: z.string(), identity: IdentitySchema })),
  /** What the simulators serve, which decides whether a demo can use this stack. */
  products: z.object({ file: z.string().nullable(), keep_nulls: z.boolean() }),
});
export type RunFile = z.infer<typeof RunFileSchema>;

/** The run file, or undefined when there is none or it cannot be read (half written by a dying process). */
export const readRunFile = (file: string): RunFile | undefined => {
  try {
    return RunFileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
};

/**
 * Creates the run file, as the lock that keeps a second start out.
 * @throws LocalError when there is one already.
 */
export const createRunFile = (file: string, run: RunFile): void => {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, JSON.stringify(run, null, 2), { flag: "wx" });
  } catch (cause) {
    throw new LocalError(`another start is under way (${file} exists): wait for it, or run npm run local:stop`, {
      cause,
    });
  }
};

/** Replaces the run file in one step, so that a reader never sees half of it. */
export const updateRunFile = (file: string, run: RunFile): void => {
  const next = `${file}.next`;
  writeFileSync(next, JSON.stringify(run, null, 2));
  renameSync(next, file);
};

/** Removes the run file. Safe to call twice. */
export const removeRunFile = (file: string): void => rmSync(file, { force: true });
