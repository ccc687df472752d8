import type { Plugin } from "esbuild";

/** Removes Zod's messages in all languages but English: nobody sets another, and they are larger than Zod. */
export const leanZod: Plugin = {
  name: "lean-zod",
  setup: (build) => {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
    }));
  },
};
