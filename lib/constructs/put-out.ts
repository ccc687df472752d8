import { CfnOutput } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Puts values out as stack outputs under exactly these names; the launcher and the CLI read them. */
export const putOut = (scope: Construct, values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) new CfnOutput(scope, name, { value });
};
