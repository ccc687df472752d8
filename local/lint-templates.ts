import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment } from "./aws-environment.ts";
import { REPOSITORY_ROOT } from "./layout.ts";
import { LocalError } from "./local-error.ts";
import { runCommand } from "./process/run-command.ts";
import { installTool } from "./python/install-tool.ts";
import { readCdkContext, synthTemplates } from "./templates/synth-templates.ts";

/** The release of cfn-lint that the templates are held against; it knows the limits of each resource type. */
const CFN_LINT = {
  name: "cfn-lint",
  version: "1.58.0",
  requirements: join(import.meta.dirname, "templates", "cfn-lint-requirements.txt"),
};
/** W3005 is about a `DependsOn` that a reference implies: the CDK writes both, and both are right. */
const IGNORED = ["W3005"];
/** Its own command names the folder that it was built in, which is not the one that it is in. */
const START = "import sys; from cfnlint import runner; sys.exit(runner.main())";
/** Large templates take a while. */
const TIMEOUT_MS = 900_000;

const lint = async (): Promise<void> => {
  const python = await installTool(join(REPOSITORY_ROOT, ".local"), CFN_LINT, { say: console.log });
  const folder = await mkdtemp(join(tmpdir(), "enrichline-templates-"));
  try {
    for (const stage of Object.keys((await readCdkContext()).stages)) {
      await synthTemplates(stage, join(folder, stage));
      const templates = globSync("*.template.json", { cwd: join(folder, stage) });
      await runCommand({
        name: `cfn-lint of stage ${stage}`,
        command: python,
        args: ["-c", START, "--format", "parseable", "--ignore-checks", ...IGNORED, "--", ...templates],
        env: bareEnvironment(),
        cwd: join(folder, stage),
        timeoutMs: TIMEOUT_MS,
      });
      console.log(`stage ${stage}: ${templates.length} templates without errors or warnings`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (import.meta.main) {
  try {
    await lint();
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
