import { PresentUsers } from "../../adapters/cognito/present-users.ts";
import { createCognitoClient, UserDirectory } from "../../adapters/cognito/user-directory.ts";
import type { Clock } from "../../core/clock.ts";

/** Builds what knows who may still sign in. */
export const buildPresentUsers = (
  { USER_POOL_ID }: { readonly USER_POOL_ID: string },
  clock: Pick<Clock, "now">,
): PresentUsers => new PresentUsers(new UserDirectory(createCognitoClient(), USER_POOL_ID), clock);
