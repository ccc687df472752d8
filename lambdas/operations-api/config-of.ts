import type { Config } from "../common/core/contract/operations/config.ts";
import { noticesOf } from "../common/core/licences/notices.ts";
import type { Env } from "./env.ts";

/** The stage's region: a pool's id starts with it, such as eu-west-1_AbCdEf. */
export const regionOf = ({ USER_POOL_ID }: Pick<Env, "USER_POOL_ID">): string => USER_POOL_ID.split("_")[0] ?? "";

/** What clients must know of the stage before they sign in. */
export const configOf = (env: Env): Config => ({
  stage: env.STAGE,
  region: regionOf(env),
  user_pool_id: env.USER_POOL_ID,
  client_id: env.USER_POOL_CLIENT_ID,
  web_socket_url: env.WEB_SOCKET_URL,
  default_marketplace: env.DEFAULT_MARKETPLACE,
  notices: noticesOf(env.DEFAULT_MARKETPLACE),
  simulated: env.SIMULATED === "true",
});
