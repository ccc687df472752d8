import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const FIXTURES = join(import.meta.dirname, "../../../shared/fixtures");

/** Whether the upstream bodies lie beside the repository; tests over them are skipped, with a line, when not. */
export const haveFixtures = (folder: string): boolean => {
  const there = existsSync(join(FIXTURES, folder));
  if (!there) console.warn(`skipped: ../shared/fixtures/${folder} is not there`);
  return there;
};

/** Text of one upstream body; `.gz` files are unpacked. */
export const fixtureText = (folder: string, file: string): string => {
  const bytes = readFileSync(join(FIXTURES, folder, file));
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};

/** One upstream body as JSON. */
export const fixtureJson = (folder: string, file: string): unknown => JSON.parse(fixtureText(folder, file));

/** Path of a fixture folder, for listing it. */
export const fixtureFolder = (folder: string): string => join(FIXTURES, folder);
