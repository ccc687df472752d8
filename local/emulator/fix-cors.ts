import * as z from "zod";
import { LocalError } from "../local-error.ts";
import { signedFetch } from "./signed-fetch.ts";

const ApiSchema = z.object({ corsConfiguration: z.record(z.string(), z.unknown()).optional() });

const withSmallInitials = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]));

/**
 * Makes the emulator heed the CORS settings of a deployed HTTP API. MiniStack 1.5.33 keeps them under the names of
 * the CloudFormation template (`AllowOrigins`) but reads those of the API (`allowOrigins`), so every preflight
 * request is denied. Does nothing for an API without CORS. Safe to call twice.
 * @throws LocalError when the emulator does not take it.
 */
export const fixCors = async (emulatorUrl: string, apiId: string): Promise<void> => {
  const url = `${emulatorUrl}/v2/apis/${apiId}`;
  const read = await signedFetch("apigateway", url);
  if (!read.ok) throw new LocalError(`the emulator did not show the API's CORS settings (status ${read.status})`);
  const { corsConfiguration } = ApiSchema.parse(await read.json());
  if (!corsConfiguration) return;
  const body = JSON.stringify({ corsConfiguration: withSmallInitials(corsConfiguration) });
  const written = await signedFetch("apigateway", url, { method: "PATCH", body });
  if (!written.ok) throw new LocalError(`the emulator did not take the API's CORS settings (status ${written.status})`);
};
