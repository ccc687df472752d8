import { join } from "node:path";
import { build } from "esbuild";
import { BUNDLE_FILE, LOCAL_FILE } from "../bundle-files.ts";

const FOLDER = import.meta.dirname;

/**
 * Writes the entry of stage local beside a bundle: the bundle's own handler, with an empty line at the end of each invocation.
 * @param outdir folder of the bundle
 */
export const bundleLocalEntry = async (outdir: string): Promise<void> => {
  await build({
    stdin: {
      contents: `
        import { handler as inner } from "./${BUNDLE_FILE}";
        import { withLastLine } from "./with-last-line.ts";
        export const handler = withLastLine(inner);`,
      resolveDir: FOLDER,
      loader: "ts",
    },
    outfile: join(outdir, LOCAL_FILE),
    bundle: true,
    external: [`./${BUNDLE_FILE}`],
    platform: "node",
    target: "node24",
    format: "esm",
    logLevel: "warning",
  });
};
