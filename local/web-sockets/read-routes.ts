import * as z from "zod";
import { signedFetch } from "../emulator/signed-fetch.ts";
import { LocalError } from "../local-error.ts";

const ApiSchema = z.object({ routeSelectionExpression: z.string() });
const RoutesSchema = z.object({ items: z.array(z.object({ routeKey: z.string(), target: z.string() })) });
const IntegrationsSchema = z.object({
  items: z.array(z.object({ integrationId: z.string(), integrationUri: z.string() })),
});

/** What a deployed WebSocket API does with what comes. */
export interface Routes {
  /** Such as `$request.body.action`. */
  readonly selection: string;
  /** ARNs of functions by route key. */
  readonly functions: ReadonlyMap<string, string>;
}

/** `arn:…:lambda:path/2015-03-31/functions/<arn of the function>/invocations`. */
const functionOf = (uri: string): string | undefined => /\/functions\/([^/]+)\/invocations$/.exec(uri)?.[1];

/** Reads the routes of a deployed WebSocket API from the emulator. @throws LocalError when they are not what is served here */
export const readRoutes = async (emulatorUrl: string, apiId: string): Promise<Routes> => {
  const read = async <Value>(path: string, schema: z.ZodType<Value>): Promise<Value> => {
    const answer = await signedFetch("apigateway", `${emulatorUrl}/v2/apis/${apiId}${path}`);
    if (!answer.ok) throw new LocalError(`the emulator did not show the WebSocket API (status ${answer.status})`);
    return schema.parse(await answer.json());
  };
  const { routeSelectionExpression: selection } = await read("", ApiSchema);
  const { items: integrations } = await read("/integrations", IntegrationsSchema);
  const { items: routes } = await read("/routes", RoutesSchema);
  const functions = new Map<string, string>();
  for (const { routeKey, target } of routes) {
    const id = target.split("/").at(-1);
    const arn = functionOf(integrations.find(({ integrationId }) => integrationId === id)?.integrationUri ?? "");
    if (!arn)
      throw new LocalError(`route ${routeKey} of the WebSocket API leads to no function; others are not served`);
    functions.set(routeKey, arn);
  }
  return { selection, functions };
};

/** The key of a message's route; `$default` when it names none that there is. */
export const routeOf = ({ selection, functions }: Routes, text: string): string => {
  const path = /^\$request\.body\.([\w.]+)$/.exec(selection)?.[1]?.split(".") ?? [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "$default";
  }
  for (const name of path) value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof value === "string" && functions.has(value) ? value : "$default";
};
