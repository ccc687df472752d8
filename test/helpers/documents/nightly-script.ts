import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/** The script in docs/automation.md, word for word. @throws Error when it is not there */
export const nightlyScript = async (): Promise<string> => {
  const text = await readFile(join(REPOSITORY_ROOT, "docs/automation.md"), "utf8");
  const [, script] = /<!-- nightly\.sh -->\s+```sh\n([\s\S]+?)```/.exec(text) ?? [];
  if (script === undefined) throw new Error("docs/automation.md has no nightly.sh");
  return script;
};
