import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as z from "zod";

const run = promisify(execFile);
const LOCK_FILE = new URL("../package-lock.json", import.meta.url);
const INSTALLED = "node_modules/";

const EntrySchema = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  /** Part of another package, and covered by the digest of that. */
  inBundle: z.boolean().optional(),
});
const LockSchema = z.object({ packages: z.record(z.string(), EntrySchema) });
const IntegritySchema = z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/);

/** The digest that the registry gives for one version of a package. @throws Error when it has no such version */
const integrityOf = async (name: string, version: string): Promise<string> => {
  const { stdout } = await run("npm", ["view", `${name}@${version}`, "dist.integrity", "--json"], { timeout: 60_000 });
  return IntegritySchema.parse(JSON.parse(stdout));
};

/** The lock file with a digest for each entry that has none, in the place where npm writes it; nothing else is changed. */
const filled = async (text: string): Promise<string> => {
  let lock = text;
  for (const [place, { version, integrity, inBundle }] of Object.entries(LockSchema.parse(JSON.parse(text)).packages)) {
    if (!place.startsWith(INSTALLED) || version === undefined || integrity !== undefined || inBundle) continue;
    const name = place.slice(place.lastIndexOf(INSTALLED) + INSTALLED.length);
    const head = `${JSON.stringify(place)}: {\n      "version": ${JSON.stringify(version)},\n`;
    if (!lock.includes(head)) throw new Error(`${place} does not begin with its version in the lock file`);
    lock = lock.replace(head, `${head}      "integrity": ${JSON.stringify(await integrityOf(name, version))},\n`);
    console.log(`${name}@${version}`);
  }
  return lock;
};

// npm leaves out the digests of packages for other platforms that it did not download itself.
await writeFile(LOCK_FILE, await filled(await readFile(LOCK_FILE, "utf8")));
