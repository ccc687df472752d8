import { mkdir, writeFile } from "node:fs/promises";
import * as z from "zod";
import { eventDetail } from "../../lambdas/common/core/contract/events/event-detail.ts";
import { EVENT_SCHEMAS } from "../../lambdas/common/core/contract/events/event-schemas.ts";

/** Where the schemas are kept, one file an event. */
export const EVENT_SCHEMAS_DIR = new URL("../../docs/api/events/", import.meta.url);

/**
 * The JSON Schema of the detail of each event, as text by file name. Requests come in, so theirs says what may be sent; all
 * others say what comes.
 */
export const generateEventSchemas = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(EVENT_SCHEMAS).map(([name, data]) => {
      const { title, ...schema } = z.toJSONSchema(eventDetail(data), { io: "input", reused: "inline" });
      const description = data.meta()?.description ?? "";
      return [`${name}.json`, `${JSON.stringify({ title: title ?? name, description, ...schema }, null, 2)}\n`];
    }),
  );

if (import.meta.main) {
  await mkdir(EVENT_SCHEMAS_DIR, { recursive: true });
  for (const [file, text] of generateEventSchemas()) await writeFile(new URL(file, EVENT_SCHEMAS_DIR), text);
  console.log("docs/api/events/ written");
}
