import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Bundles a module of the product as a function would carry it, for a bench may import nothing but the core.
 * @param contents source whose imports are relative to the repository
 * @param replaced sources that take the place of modules, by the end of their path, such as `platform/system-clock.ts`
 * @returns address to import
 */
export const bundle = async (
  contents: string,
  outfile: string,
  replaced: Readonly<Record<string, string>> = {},
): Promise<string> => {
  // Here and not at the top, so that measured processes do not carry it.
  const { build } = await import("esbuild");
  const names = Object.keys(replaced);
  await build({
    stdin: { contents, resolveDir: ROOT, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    // As deployed, but for names: replaced clients recognise commands by them.
    minifyWhitespace: true,
    minifySyntax: true,
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: "replaced",
        setup: ({ onLoad }) => {
          for (const name of names) {
            const filter = new RegExp(`/${name.replaceAll(".", "\\.")}$`);
            onLoad({ filter }, () => ({ contents: replaced[name] ?? "", loader: "ts", resolveDir: ROOT }));
          }
        },
      },
    ],
  });
  return pathToFileURL(outfile).href;
};
