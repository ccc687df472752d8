import { createSqsClient } from "../../../common/adapters/aws/aws-clients.ts";
import type { RunStore } from "../../../common/adapters/dynamodb/enrichment-status/run-store.ts";
import type { OnUnreadable } from "../../../common/adapters/dynamodb/enrichment-status/unreadable-row.ts";
import type { FailureGroupStore } from "../../../common/adapters/dynamodb/failures/failure-group-store.ts";
import type { Clock } from "../../../common/core/clock.ts";
import type { Log } from "../../../common/platform/logger.ts";
import type { TrialDeps } from "../../../common/services/failures/trial-steps.ts";
import type { Clients } from "../../../common/services/wiring/clients.ts";
import { buildTrials } from "../../../common/services/wiring/runs/trials.ts";
import type { Env } from "../../env.ts";

/** What the routes of failure groups work with. */
export interface FailureDeps extends TrialDeps {
  readonly groups: TrialDeps["groups"] & Pick<FailureGroupStore, "list">;
  readonly runs: TrialDeps["runs"] & Pick<RunStore, "listOpenRuns">;
  /** Called with each open run that cannot be read. */
  readonly onUnreadable: OnUnreadable;
}

/** Builds them. */
export const buildFailureDeps = (
  env: Env,
  { documents, clock, log }: Pick<Clients, "documents"> & { readonly clock: Clock; readonly log: Pick<Log, "error"> },
): FailureDeps => buildTrials(env, { documents, sqs: createSqsClient(), clock, log });
