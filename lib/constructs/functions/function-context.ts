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
