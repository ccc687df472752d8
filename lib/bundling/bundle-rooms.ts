import { readdirSync } from "node:fs";
import { join } from "node:path";
import { bundleFunction } from "./bundle-function.ts";
import { bundleLocalEntry } from "./local/bundle-local-entry.ts";

const LAMBDAS = join(import.meta.dirname, "..", "..", "lambdas");
/** What functions share; it is deployed inside their bundles only. */
const SHARED = "common";

/** Folders under `lambdas/` that are deployed, each as a function. */
export const functionRooms = (): string[] =>
  readdirSync(LAMBDAS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== SHARED)
    .map(({ name }) => name)
    .sort();

/**
 * Bundles every room into a folder of its name, for several synths that are to deploy the same code, stage local among them.
 * @param outdir folder of the rooms' folders
 * @throws esbuild's BuildFailure, which names what could not be resolved
 */
export const bundleRooms = async (outdir: string): Promise<void> => {
  await Promise.all(
    functionRooms().map(async (room) => {
      await bundleFunction(room, join(outdir, room));
      await bundleLocalEntry(join(outdir, room));
    }),
  );
};
