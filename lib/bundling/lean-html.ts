import type { Plugin } from "esbuild";

/**
 * Lets the HTML serializer take its escaping from the file that has it. Importing the package's entry adds a second table
 * of all named characters.
 */
export const leanHtml: Plugin = {
  name: "lean-html",
  setup: (build) => {
    build.onResolve({ filter: /^entities$/ }, ({ importer, resolveDir, kind }) =>
      /[\\/]dom-serializer[\\/]/.test(importer)
        ? build.resolve("entities/lib/escape.js", { resolveDir, kind, importer })
        : undefined,
    );
  },
};
