import { SOURCE_IDS, type SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { StageConfig } from "./load-settings.ts";

/** Sources that are asked without an account. */
const WITHOUT_CREDENTIALS: ReadonlySet<SourceId> = new Set<SourceId>(["product-page", "sample-data"]);

const needsCredentials = (id: SourceId): boolean => !WITHOUT_CREDENTIALS.has(id);

/** Name of a stage's secrets up to the source id: `enrichline/<stage>`. */
export const secretPrefix = ({ stage }: Pick<StageConfig, "stage">): string => `enrichline/${stage}`;

/** Every source that needs a secret, whether or not a stage asks it. */
export const SOURCES_WITH_CREDENTIALS: readonly SourceId[] = SOURCE_IDS.filter(needsCredentials);

/** The stage's sources that need a secret, in order. */
export const sourcesWithCredentials = ({ sources }: Pick<StageConfig, "sources">): readonly SourceId[] =>
  sources.map(({ id }) => id).filter(needsCredentials);
