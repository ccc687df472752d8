import { closeSync, openSync, statSync } from "node:fs";
import { LocalError } from "../local-error.ts";

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** What to say of a file that the system would not give. */
export const unreadableWords = (named: string, path: string, error: unknown): string => {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return `${named}: there is no such file (looked at ${path})`;
  if (code === "EACCES" || code === "EPERM") {
    return `${named}: you may not read ${path}. Change its permissions (chmod u+r) or name a copy of it.`;
  }
  return `${named}: ${path} cannot be read (${String(code ?? error)}). Name another file, or a copy of it.`;
};

/**
 * Makes sure that a file can be read, before anything is started for it.
 * @param named what the person typed, such as `--catalog mine.csv`
 * @param path absolute
 * @throws LocalError that says what is wrong and how to fix it: not there, a folder, no rights, damaged
 */
export const requireReadable = (named: string, path: string): void => {
  try {
    const found = statSync(path);
    if (found.isDirectory()) {
      throw new LocalError(`${named}: ${path} is a folder. Name the file inside it.`);
    }
    if (!found.isFile()) throw new LocalError(`${named}: ${path} is no ordinary file. Save its content to one.`);
    closeSync(openSync(path, "r"));
  } catch (error) {
    throw error instanceof LocalError ? error : new LocalError(unreadableWords(named, path, error), { cause: error });
  }
};
