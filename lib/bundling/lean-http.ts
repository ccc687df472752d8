import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { replaceModule } from "./replace-module.ts";

/**
 * Removes from `@hono/zod-openapi` what generates the OpenAPI document. The document is generated at build time and lies
 * beside the bundle as a file.
 */
export const leanHttp: Plugin = {
  name: "lean-http",
  setup: (build) => {
    build.onResolve({ filter: /^@asteasolutions\/zod-to-openapi$/ }, () => ({
      path: join(import.meta.dirname, "without-generator.ts"),
    }));
    // It only passes Zod on; with the whole namespace in use, esbuild could drop nothing of it.
    replaceModule(build, {
      filter: /^zod$/,
      importer: /[\\/]@hono[\\/]zod-openapi[\\/]/,
      contents: "export const z = {};",
    });
    build.onLoad({ filter: /[\\/]docs[\\/]api[\\/]openapi\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(JSON.parse(await readFile(path, "utf8"))),
      loader: "copy",
    }));
  },
};
