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
/** What stage prod may have besides, or in other shapes. */
const VARIANTS = {
  "prod with everything": {
    ...{ shop_line: true, shop_topic: true, downstream_events: true, alarms: { success_rate_band: 2 } },
    ...{ region: "us-east-1", health_canary: true, vpc: { private_endpoints: true, availability_zones: 3 } },
  },
  "prod in a network that is there": {
    vpc: { vpc_id: "vpc-0123456789abcdef0", subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
  },
} as const;
/** Large templates take a while. */
const TIMEOUT_MS = 900_000;

const lint = async (): Promise<void> => {
  const python = await installTool(join(REPOSITORY_ROOT, ".local"), CFN_LINT, { say: console.log });
  const folder = await mkdtemp(join(tmpdir(), "enrichline-templates-"));
  const stages = Object.keys((await readCdkContext()).stages).map((stage) => ({ name: stage, stage, settings: {} }));
  const variants = Object.entries(VARIANTS).map(([name, settings]) => ({ name, stage: "prod", settings }));
  try {
    for (const { name, stage, settings } of [...stages, ...variants]) {
      const cwd = join(folder, name.replaceAll(" ", "-"));
      await synthTemplates(stage, cwd, settings);
      const templates = globSync("*.template.json", { cwd });
      await runCommand({
        name: `cfn-lint of stage ${name}`,
        command: python,
        args: ["-c", START, "--format", "parseable", "--ignore-checks", ...IGNORED, "--", ...templates],
        env: bareEnvironment(),
        cwd,
        timeoutMs: TIMEOUT_MS,
      });
      console.log(`stage ${name}: ${templates.length} templates without errors or warnings`);
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
