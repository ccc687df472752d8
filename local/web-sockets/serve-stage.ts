import { changeEnvironment } from "../emulator/change-environment.ts";
import { LocalError } from "../local-error.ts";
import { FunctionInvoker } from "./invoke-function.ts";
import { askEmulator } from "./may-manage.ts";
import { readRoutes } from "./read-routes.ts";
import { startWebSockets, type WebSockets } from "./start-web-sockets.ts";

/** The deployed stage, as `LiveGateway` names it. */
const STAGE = "live";
/** Rooms of functions that write to connections. */
const WRITERS = ["live-connections", "broadcast-changes"];

export interface ServedStage {
  readonly emulatorUrl: string;
  /** Of the WebSocket API. */
  readonly apiId: string;
  /** Physical names by room. */
  readonly functions: Readonly<Record<string, string>>;
  /** The emulator checks neither signatures nor rights. */
  readonly withoutRights: boolean;
}

/** Serves the deployed WebSocket API, and lets its functions write to the connections here. */
export const serveStage = async ({
  emulatorUrl,
  apiId,
  functions,
  withoutRights,
}: ServedStage): Promise<WebSockets> => {
  const routes = await readRoutes(emulatorUrl, apiId);
  const invoker = new FunctionInvoker(emulatorUrl);
  const webSockets = await startWebSockets({
    api: { apiId, stage: STAGE },
    routes,
    invoke: invoker.invoke,
    mayManage: withoutRights ? async () => true : askEmulator(emulatorUrl, Date.now),
  });
  const stop = async (): Promise<void> => {
    await webSockets.stop();
    invoker.stop();
  };
  try {
    const names = WRITERS.map((room) => {
      const name = functions[room];
      if (name === undefined) throw new LocalError(`the deployed stacks have no function ${room}`);
      return name;
    });
    await changeEnvironment(emulatorUrl, names, (variables) => ({
      ...variables,
      CONNECTIONS_ADDRESS: webSockets.connectionsUrl,
    }));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...webSockets, stop };
};
