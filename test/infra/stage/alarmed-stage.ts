import { buildStage, templatesOf } from "./synth-stage.ts";

/** A stage with all that a stage can have an alarm on. Only for reading. */
export const alarmedStage = buildStage("prod", {
  settings: {
    downstream_events: true,
    alarms: { success_rate_band: 2 },
    ...{ region: "us-east-1", health_canary: true },
  },
});
export const { Monitoring } = templatesOf(alarmedStage);
export const { entries, groups } = alarmedStage.alarms;
