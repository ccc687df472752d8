import * as z from "zod";
import { STAGE_NAME } from "../../lambdas/common/core/base-env.ts";
import { ConfigError } from "../../lambdas/common/core/errors.ts";

/** Name of a stage, as in `cdk deploy -c stage=dev`. */
const StageSchema = z.string().regex(STAGE_NAME);
export type Stage = z.infer<typeof StageSchema>;

/**
 * The name of the stage that was asked for.
 * @param value what the caller gave
 * @param known stages of cdk.json
 * @throws ConfigError for a name that no stage can have, and for one that cdk.json does not have
 */
export const readStage = (value: unknown, known: readonly string[]): Stage => {
  const choices = `add -c stage=<stage>, one of ${known.join(", ")}`;
  if (value === undefined) throw new ConfigError(`no stage was given: ${choices}`);
  const result = StageSchema.safeParse(value);
  if (!result.success) {
    throw new ConfigError(
      `${JSON.stringify(value)} cannot be the name of a stage, which has 2 to 20 small letters, digits and dashes, a letter first: ${choices}`,
    );
  }
  if (known.includes(result.data)) return result.data;
  throw new ConfigError(
    `there is no stage "${result.data}" in cdk.json: ${choices}; or make it with "${result.data}": {"kind": "dev"} under "stages" in cdk.json`,
  );
};
