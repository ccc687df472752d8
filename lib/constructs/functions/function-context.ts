import { userAgentOf } from "../../../lambdas/common/core/sources/upstream/user-agent.ts";
import type { StageConfig } from "../../config/load-settings.ts";
import type { AlarmRegistry } from "../../monitoring/alarm-registry.ts";
import type { StageData } from "../data/stage-data.ts";
import type { WorkQueues } from "../queues/work-queues.ts";

/** What every function of a stage is built from. */
export interface FunctionContext {
  readonly config: StageConfig;
  readonly alarms: AlarmRegistry;
  readonly data: StageData;
  readonly queues: WorkQueues;
}

/** The stage's sources as a function reads them. */
export const sourcesJson = ({ sources }: StageConfig): string => JSON.stringify(sources);

/** The rules of licences that the owner of the stage lifts, as functions have them in their environment. */
export const acknowledgementsJson = ({
  licence_acknowledgements,
}: Pick<StageConfig, "licence_acknowledgements">): string => JSON.stringify(licence_acknowledgements);

/** What the stage's functions call themselves upstream. */
export const userAgent = ({ contact, alarm_email }: Pick<StageConfig, "contact" | "alarm_email">): string =>
  userAgentOf(contact ?? alarm_email);
