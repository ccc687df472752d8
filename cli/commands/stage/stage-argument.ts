import { CliError, EXIT } from "../../cli-error.ts";
import { stageName } from "../../target/stage-name.ts";

/**
 * The stage that a command is about, named by its argument or by `--stage`.
 * @param doing what it does, as in "deploy"
 * @throws CliError USAGE for none, for two, and for stage local, which has commands of its own
 */
export const stageToWorkOn = (
  doing: "deploy" | "destroy",
  argument: string | undefined,
  option: string | undefined,
): string => {
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new CliError(EXIT.USAGE, `Two stages are named, ${argument} and ${option}: name one.`);
  }
  const stage = argument ?? option;
  const local = doing === "deploy" ? "starts with: npm run local" : "is stopped with: npm run local:stop";
  if (stage === undefined || stage === "local") {
    throw new CliError(
      EXIT.USAGE,
      `Name the stage to ${doing}, such as: enrichline ${doing} dev. The local stack ${local}`,
    );
  }
  return stageName(stage);
};
