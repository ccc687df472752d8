import type { OpenAPIHono } from "@hono/zod-openapi";
import { createHttpApp } from "../common/platform/http/http-app.ts";
import type { HttpEnv } from "../common/platform/http/http-env.ts";
import type { Deps } from "./deps.ts";
import { refuseUnrouted } from "./refuse-unrouted.ts";
import { getConfig } from "./routes/config.ts";
import { getDataSources } from "./routes/data-sources.ts";
import { ignoreFailureGroup, reopenFailureGroup, resolveFailureGroup } from "./routes/failures/change-group.ts";
import { listFailureGroups } from "./routes/failures/list-groups.ts";
import { getFailureGroup } from "./routes/failures/show-group.ts";
import { stopTrial, tryFailureGroup } from "./routes/failures/try-group.ts";
import { getHealth } from "./routes/health.ts";
import { createKey } from "./routes/keys/create-key.ts";
import { listKeys } from "./routes/keys/list-keys.ts";
import { revokeKey } from "./routes/keys/revoke-key.ts";
import { getLicences } from "./routes/licences/get-licences.ts";
import { getLicenceReport, postLicenceReport } from "./routes/licences/report.ts";
import { deleteRevocation, getRevocation, postRevocation } from "./routes/licences/revocations.ts";
import { postLiveTicket } from "./routes/live-tickets.ts";
import { getMarketplaces, putMarketplace } from "./routes/marketplaces.ts";
import { getOpenApi } from "./routes/openapi.ts";
import { postProbe } from "./routes/probes.ts";
import { getQuota } from "./routes/quota.ts";
import { getRefreshForecast } from "./routes/refresh/forecast.ts";
import { getRefreshJobs } from "./routes/refresh/jobs.ts";
import { postRefreshRun } from "./routes/refresh/run.ts";
import { getWebSocketStats } from "./routes/web-socket-stats.ts";
import { getDeliveries, postResend, postWebhookTest } from "./routes/webhooks/deliveries.ts";
import { deleteWebhook, getWebhooks, patchWebhook, postWebhook } from "./routes/webhooks/endpoints.ts";
import { postWebhookSecret } from "./routes/webhooks/new-secret.ts";

const ROUTES = [
  getHealth,
  getConfig,
  getQuota,
  getDataSources,
  getMarketplaces,
  putMarketplace,
  postProbe,
  postLiveTicket,
  getWebSocketStats,
  getLicences,
  getLicenceReport,
  postLicenceReport,
  postRevocation,
  getRevocation,
  deleteRevocation,
  createKey,
  listKeys,
  revokeKey,
  getRefreshJobs,
  getRefreshForecast,
  postRefreshRun,
  getWebhooks,
  postWebhook,
  patchWebhook,
  deleteWebhook,
  postWebhookSecret,
  postWebhookTest,
  getDeliveries,
  postResend,
  listFailureGroups,
  getFailureGroup,
  tryFailureGroup,
  stopTrial,
  resolveFailureGroup,
  ignoreFailureGroup,
  reopenFailureGroup,
  getOpenApi,
];

/**
 * The HTTP app of health, configuration, quota, analytics, probes and the API's own description, and of every address
 * that the API does not have.
 */
export const createApp = (deps: Deps): OpenAPIHono<HttpEnv> => {
  const app = createHttpApp({
    logger: deps.logger,
    now: () => deps.clock.now(),
    newCorrelationId: () => deps.newId(),
    keyCalls: deps.keyCalls,
  });
  refuseUnrouted(app, deps);
  for (const register of ROUTES) register(app, deps);
  return app;
};
