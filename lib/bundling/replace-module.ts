import type { PluginBuild } from "esbuild";

export interface Replacement {
  /** Matches what is imported. */
  readonly filter: RegExp;
  /** Matches the path of the file that imports it; without it every import is replaced. */
  readonly importer?: RegExp;
  /** The module that is taken instead; it resolves its own imports from where the replaced one was first wanted. */
  readonly contents: string;
}

/** Puts a module of ours in the place of an imported one. */
export const replaceModule = (build: PluginBuild, { filter, importer, contents }: Replacement): void => {
  const namespace = `instead-of-${filter.source}`;
  build.onResolve({ filter }, ({ path, importer: from, namespace: asked, resolveDir }) => {
    if (asked === namespace || (importer && !importer.test(from))) return undefined;
    return { path, namespace, pluginData: resolveDir, sideEffects: false };
  });
  build.onLoad({ filter: /.*/, namespace }, ({ pluginData: resolveDir }) => ({
    contents,
    loader: "js",
    resolveDir: String(resolveDir),
  }));
};
