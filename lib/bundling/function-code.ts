import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";

const ROOT = join(import.meta.dirname, "..", "..");

/**
 * The code of a room as a CDK asset, bundled when its stack is synthesized. CDK's own bundler calls esbuild by its
 * command, which takes no plugins; and assets are bundled synchronously, so it is a process of its own here too.
 * @param room folder under `lambdas/` whose `index.ts` exports `handler`
 * @param isLocal whether the emulator runs it, which loads an entry of its own
 * @param bundles folder with a bundle for each room that `bundleRooms` made; absent: the room is bundled
 */
export const functionCode = (room: string, isLocal: boolean, bundles?: string): Code => {
  if (bundles !== undefined) return Code.fromAsset(join(bundles, room));
  return Code.fromAsset(join(ROOT, "lambdas", room), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used, because the local bundler does not decline; CDK requires a name.
      image: DockerImage.fromRegistry("none"),
      local: {
        tryBundle: (outdir) => {
          const main = join(ROOT, "lib", "bundling", "bundle-function.ts");
          execFileSync(process.execPath, [main, room, outdir, ...(isLocal ? ["local"] : [])], { stdio: "inherit" });
          return true;
        },
      },
    },
  });
};
