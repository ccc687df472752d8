/** One thing that must be in order before a deploy, or that people should know. */
export interface DeployCheck {
  readonly name: "identity" | "bootstrap" | "concurrency" | "alarms" | "first deploy";
  /** `warning`: the deploy may go ahead. */
  readonly state: "ok" | "warning" | "failed";
  readonly reason: string;
  /** Empty when there is nothing to do. */
  readonly next_step: string;
}

export const passed = (name: DeployCheck["name"], reason: string): DeployCheck => ({
  ...{ name, state: "ok", reason, next_step: "" },
});
