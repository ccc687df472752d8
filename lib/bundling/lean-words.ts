import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** `.describe("text")` and `.describe(SOME_TEXTS.of_it)`; a call with anything else is not ours to drop. */
const DESCRIPTION = /\.describe\(\s*(?:"(?:[^"\\\n]|\\.)*"|[A-Z][A-Z_]*(?:\.\w+)?),?\s*\)/g;

/** Takes the descriptions off the schemas of a source file; line breaks stay, so that stack traces keep their lines. */
export const withoutDescriptions = (source: string): string =>
  source.replace(DESCRIPTION, (call) => call.replace(/[^\n]/g, ""));

/**
 * Removes the descriptions from our own schemas. Only the OpenAPI document shows them, and it lies beside the bundle. Each
 * one would also cost a copy of its schema at every cold start.
 */
export const leanWords: Plugin = {
  name: "lean-words",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]lambdas[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withoutDescriptions(await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
};
