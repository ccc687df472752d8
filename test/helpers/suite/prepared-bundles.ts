import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleRooms } from "../../../lib/bundling/bundle-rooms.ts";

const VARIABLE = "ENRICHLINE_TEST_BUNDLES";

/** Folder with the bundle of each room that the whole suite made once; undefined when a part of it runs alone. */
export const preparedBundles = (): string | undefined => process.env[VARIABLE];

/**
 * Bundles every room for all child processes that are started from now on, so that no stack bundles them again.
 * @returns removes the folder
 */
export const prepareBundles = async (): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), "enrichline-bundles-"));
  await bundleRooms(folder);
  process.env[VARIABLE] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
};
