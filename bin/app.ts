import { App } from "aws-cdk-lib";
import { loadSettings } from "../lib/config/load-settings.ts";
import { buildStacks } from "../lib/stacks/build-stacks.ts";

const app = new App();
try {
  buildStacks(
    app,
    loadSettings((key) => app.node.tryGetContext(key)),
  );
} catch (error) {
  // Wrong settings are for the reader to fix: a sentence helps, a stack trace does not.
  if (!(error instanceof Error) || error.name !== "ConfigError") throw error;
  process.stderr.write(`enrichline: ${error.message}\n`);
  process.exit(2);
}
