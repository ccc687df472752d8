import { createApp } from "../../../lambdas/operations-api/app.ts";
import type { Deps } from "../../../lambdas/operations-api/deps.ts";
import { person } from "../../helpers/access/callers.ts";
import { fakeOperationsDeps } from "./fake-deps.ts";

/** Environment of a request of user `u1`. */
export const signedIn = person("u1");

/** The API over fakes, with what it logged. */
export const operationsApi = (changes: Partial<Deps> = {}) => {
  const logs: string[] = [];
  const app = createApp({ ...fakeOperationsDeps((message) => logs.push(message)), ...changes });
  const get = async (path: string, env: object = {}) => {
    const response = await app.request(`/api/v1${path}`, {}, env);
    return {
      status: response.status,
      response,
      body: await response
        .clone()
        .json()
        .catch(() => undefined),
    };
  };
  const post = async (path: string, body: unknown, env: object = {}) => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await app.request(`/api/v1${path}`, init, env);
    return { status: response.status, body: await response.json() };
  };
  return { app, get, post, logs };
};
