import type { Construct } from "constructs";
import { ScheduledCalls, type ScheduledCallsProps } from "./scheduled-calls.ts";
import type { EnvSchemaLike } from "./service-environment.ts";

/**
 * Calls a function once a minute, and registers the alarm that rings when the calls stop.
 *
 * @example
 * new EveryMinute(this, "ReconcileSchedule", { alarms, target: reconcile, component: "Reconcile", impact: "Overdue work waits." });
 */
export class EveryMinute<Schema extends EnvSchemaLike> extends ScheduledCalls<Schema> {
  constructor(scope: Construct, id: string, props: ScheduledCallsProps<Schema>) {
    super(scope, id, { ...props, every: "minute" });
  }
}
