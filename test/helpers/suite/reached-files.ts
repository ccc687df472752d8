import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Imports that bring code along; those of types alone bring none. */
const IMPORTS = /^(?:import|export)\s+(?!type\s)[^;]*?from\s+"(\.[^"]+\.ts)"/gms;

/** The files whose code a module brings along, itself included, as absolute paths. */
export const reachedFiles = (file: string, seen: Set<string> = new Set()): ReadonlySet<string> => {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(IMPORTS)) {
    reachedFiles(resolve(dirname(file), path), seen);
  }
  return seen;
};
