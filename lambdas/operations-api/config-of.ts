import type { Config } from "../common/core/contract/operations/config.ts";
import { noticesOf } from "../common/core/licences/notices.ts";
import type { Env } from "./env.ts";

/** What clients must know of the stage before they sign in. */
export const configOf = (env: Env): Config => ({
  stage: env.STAGE,
  // A pool's id starts with its region, such as eu-west-1_AbCdEf.
  region: env.USER_POOL_ID.split("_")[0] ?? "",
  user_pool_id: env.USER_POOL_ID,
  client_id: env.USER_POOL_CLIENT_ID,
  web_socket_url: env.WEB_SOCKET_URL,
  default_marketplace: env.DEFAULT_MARKETPLACE,
  notices: noticesOf(env.DEFAULT_MARKETPLACE),
  simulated: env.SIMULATED === "true",
});
