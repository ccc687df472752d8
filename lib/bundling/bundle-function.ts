import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLE_FILE } from "./bundle-files.ts";
import { leanHtml } from "./lean-html.ts";
import { leanHttp } from "./lean-http.ts";
import { leanSdk } from "./lean-sdk.ts";
import { leanWords } from "./lean-words.ts";
import { leanZod } from "./lean-zod.ts";
import { bundleLocalEntry } from "./local/bundle-local-entry.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * Bundles one room of `lambdas/` into `outdir`: `index.mjs` with everything that it runs, its source map, and, for the
 * room that serves it, the OpenAPI document.
 * @param room folder under `lambdas/` whose `index.ts` exports `handler`
 * @throws esbuild's BuildFailure, which names what could not be resolved
 */
export const bundleFunction = async (room: string, outdir: string): Promise<void> => {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`lambdas/${room}/index.ts`],
    outfile: join(outdir, BUNDLE_FILE),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // Names of functions go with the rest: errors carry theirs as text, and source maps give stack traces back.
    minify: true,
    // Tables of characters take six bytes a character when they are escaped.
    charset: "utf8",
    sourcemap: true,
    sourcesContent: false,
    assetNames: "[name]",
    // The runtime's own SDK changes under us and costs more at a cold start than the few clients in use: it is bundled.
    plugins: [leanSdk, leanZod, leanHttp, leanHtml, leanWords],
    banner: {
      // Some dependencies are CommonJS and call require, which an ES module does not have.
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: "warning",
  });
};

if (import.meta.main) {
  const [room, outdir, local] = process.argv.slice(2);
  if (room === undefined || outdir === undefined) throw new Error("usage: bundle-function.ts <room> <folder> [local]");
  await bundleFunction(room, outdir);
  if (local === "local") await bundleLocalEntry(outdir);
}
