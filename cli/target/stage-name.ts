import { STAGE_NAME } from "../../lambdas/common/core/base-env.ts";
import { CliError, EXIT } from "../cli-error.ts";

/** A name that a stage can have. @throws CliError USAGE for any other */
export const stageName = (text: string): string => {
  if (STAGE_NAME.test(text)) return text;
  throw new CliError(
    EXIT.USAGE,
    `"${text}" cannot be a stage: a name has 2 to 20 small letters, digits and dashes, such as dev or prod-eu.`,
  );
};
