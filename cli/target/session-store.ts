import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { Io } from "../output/io.ts";

const SessionSchema = z.object({
  username: z.string(),
  id_token: z.string(),
  refresh_token: z.string().nullable(),
  /** Epoch milliseconds. */
  expires_at_ms: z.number(),
});
/** Somebody's sign-in at one deployment. */
export type Session = z.infer<typeof SessionSchema>;

const configFolder = (env: Io["env"]): string =>
  env.XDG_CONFIG_HOME ?? env.APPDATA ?? join(env.HOME ?? homedir(), ".config");

/** File of a deployment's sign-in. The client id distinguishes deployments of the same name in two accounts. */
const sessionFile = (env: Io["env"], stage: string, clientId: string): string =>
  join(configFolder(env), "enrichline", `session-${stage}-${clientId}.json`);

/** Keeps a sign-in for the person's own eyes only. */
export const saveSession = async (env: Io["env"], stage: string, clientId: string, session: Session): Promise<void> => {
  const file = sessionFile(env, stage, clientId);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  // The mode above holds for new files only.
  await chmod(file, 0o600);
};

/** The sign-in that was kept; undefined when there is none, or the file is not what this version writes. */
export const loadSession = async (env: Io["env"], stage: string, clientId: string): Promise<Session | undefined> => {
  try {
    return SessionSchema.parse(JSON.parse(await readFile(sessionFile(env, stage, clientId), "utf8")));
  } catch {
    // Absent or damaged: either way the person signs in again.
    return undefined;
  }
};

/** Forgets a sign-in. Safe to call twice. */
export const dropSession = (env: Io["env"], stage: string, clientId: string): Promise<void> =>
  rm(sessionFile(env, stage, clientId), { force: true });
