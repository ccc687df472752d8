import { RemovalPolicy } from "aws-cdk-lib";
import type { StageConfig } from "../config/load-settings.ts";

export interface RemovalPolicyOptions {
  /** Whether the service itself refuses to delete the resource: a rollback that tried would fail. @default false */
  readonly deletionProtected?: boolean;
}

/**
 * What happens to a resource that leaves its stack: on stage local it goes, elsewhere it stays. What a deploy made and
 * rolled back goes too, unless it is protected from deletion: it is empty, and its name would be taken when the deploy
 * is repeated.
 */
export const removalPolicy = (
  { disposable }: Pick<StageConfig, "disposable">,
  { deletionProtected = false }: RemovalPolicyOptions = {},
): RemovalPolicy => {
  if (disposable) return RemovalPolicy.DESTROY;
  return deletionProtected ? RemovalPolicy.RETAIN : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
};
