import * as z from "zod";
import { OPERATORS } from "../../../common/core/contract/operators-group.ts";
import { NotFoundError } from "../../../common/core/errors.ts";
import type { Reach } from "../../../common/core/failures/reach.ts";
import { FailureGroupIdSchema } from "../../../common/core/runs/failure-group-id.ts";
import type { AuthContext } from "../../../common/platform/http/auth-context.ts";
import { type FailingNow, readGroups } from "../../../common/services/failures/read-groups.ts";
import type { FailureDeps } from "./failure-deps.ts";
import type { SeenGroup } from "./group-views.ts";

/** Path parameter of everything below `/operations/failures/{group}`; another form is a 404. */
export const GroupParams = z.object({
  group: FailureGroupIdSchema.describe("The group, as GET /operations/failures names it.").meta({
    example: "RetriesExhausted.creators-api",
  }),
});

/** Operators see the failures of everybody, everyone else their own. */
export const reachOf = ({ userId, groups }: AuthContext): Reach => ({
  ownerId: groups.includes(OPERATORS) ? null : userId,
});

/** A group within somebody's reach, and what fails there. */
export interface FoundGroup extends SeenGroup {
  readonly now: FailingNow;
}

/** @throws NotFoundError when no product within reach is failed for it, and nobody did anything with it */
export const findGroup = async (deps: FailureDeps, reach: Reach, groupId: string): Promise<FoundGroup> => {
  const [now, row] = await Promise.all([readGroups(deps, reach), deps.groups.get(reach, groupId)]);
  const tally = now.tallies.get(groupId);
  if (!tally && !row) {
    throw new NotFoundError(
      `There is no failure group "${groupId}"; GET /operations/failures lists those that there are.`,
    );
  }
  return { groupId, row, tally, now };
};
