import { join } from "node:path";
import { type InstallOptions, installTool } from "../python/install-tool.ts";
import { MINISTACK_VERSION } from "./versions.ts";

/**
 * Gives a Python that has MiniStack, from a virtual environment under `home`, made on first use.
 * @returns path of the Python program
 * @throws LocalError as `installTool`
 */
export const installMinistack = (home: string, options: InstallOptions = {}): Promise<string> =>
  installTool(
    home,
    {
      name: "ministack",
      label: "MiniStack",
      version: MINISTACK_VERSION,
      requirements: join(import.meta.dirname, "ministack-requirements.txt"),
      needs: "cryptography.hazmat.primitives.asymmetric.rsa",
    },
    options,
  );
