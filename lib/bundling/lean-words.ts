import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** `.describe("text")` and `.describe(SOME_TEXTS.of_it)`; a call with anything else is not ours to drop. */
const DESCRIPTION = /\.describe\(\s*(?:"(?:[^"\\\n]|\\.)*"|[A-Z][A-Z_]*(?:\.\w+)?),?\s*\)/g;

/** `.meta({ id: "Name", minimum: 0 })`: an object of texts and numbers, without objects or calls inside. */
const METADATA = /\.meta\(\s*\{(?:[^"'`{}()]|"(?:[^"\\\n]|\\.)*")*\},?\s*\)/g;

const lineBreaksOf = (text: string): string => text.replace(/[^\n]/g, "");

/**
 * Removes the descriptions and metadata from the schemas of a source file. Line breaks stay, so that stack traces keep
 * their lines.
 */
export const withoutDescriptions = (source: string): string =>
  source.replace(DESCRIPTION, lineBreaksOf).replace(METADATA, lineBreaksOf);

/**
 * Removes names, descriptions and examples from our own schemas. Only the OpenAPI document shows them, and it is a file
 * beside the bundle. Each of them would also cost a copy of its schema at every cold start.
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
