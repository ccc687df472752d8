import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import * as z from "zod";
import { replaceModule } from "./replace-module.ts";

const PackageSchema = z.object({ version: z.string() });

/** `const _n = "text";`, which the SDK's schemas name all their texts by. */
const CONSTANT = /^const (_\w+) = ("[^"\n]*");$/gm;
/** `{ [_n]: …`, a key by such a name. */
const KEY = /\[(_\w+)\]:/g;

/**
 * Replaces the computed keys of an SDK schema file by their text. esbuild keeps every object with a computed key, because
 * computing it might have an effect, and so keeps the descriptions of all operations. With plain keys it drops those that
 * nobody calls.
 */
export const writeKeysOut = (source: string): string => {
  const texts = new Map([...source.matchAll(CONSTANT)].map(([, name, text]) => [name, text]));
  return source.replace(KEY, (key, name: string) => {
    const text = texts.get(name);
    return text === undefined ? key : `${text}:`;
  });
};

/** Removes from the AWS SDK what a function never uses. */
export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup: (build) => {
    /*
     * Lambda passes credentials in environment variables, and so does the emulator. The default chain brings the
     * clients of SSO, STS and sign-in along, and its dynamic imports keep esbuild from shaking what they share.
     */
    replaceModule(build, {
      filter: /^@aws-sdk\/credential-provider-node$/,
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
    });
    /*
     * Only operations like S3 Select stream events, and no function calls one. The S3 client asks for a marshaller when
     * it is made, every other use fails.
     */
    replaceModule(build, {
      filter: /^@smithy\/core\/event-streams$/,
      contents: `
        function refuse() { throw new Error("operations with event streams are not bundled"); }
        export const eventStreamSerdeProvider = () => ({ serialize: refuse, deserialize: refuse });
        export const resolveEventStreamSerdeConfig = (config) =>
          Object.assign(config, { eventStreamMarshaller: config.eventStreamSerdeProvider(config) });
        export const EventStreamSerde = refuse;`,
    });
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: writeKeysOut(await readFile(path, "utf8")),
      loader: "js",
    }));
    // Clients say their version in the user agent and need nothing else of their manifest.
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/][^\\/]+[\\/]package\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(PackageSchema.parse(JSON.parse(await readFile(path, "utf8")))),
      loader: "json",
    }));
  },
};
