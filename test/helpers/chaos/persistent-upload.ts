import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { Api } from "../e2e/api.ts";

const AcceptedSchema = z.object({ catalog_id: z.string(), tracking_id: z.string() });
const ProblemCodeSchema = z.object({ code: z.string() });
const AGAIN_AFTER_MS = 500;

/** An upload that was answered at last. */
export interface Accepted {
  readonly catalog_id: string;
  readonly tracking_id: string;
  /** Times that it was sent. */
  readonly tries: number;
}

/** The catalog of an upload that took effect although its answer was never heard. */
const findByName = async (api: Api, name: string): Promise<z.infer<typeof AcceptedSchema> | undefined> => {
  const catalogs = await api.catalogs().catch(() => []);
  return catalogs
    .map((catalog) => ({ catalog, ids: AcceptedSchema.safeParse(catalog) }))
    .flatMap(({ catalog, ids }) => (catalog.name === name && ids.success ? [ids.data] : []))[0];
};

/**
 * Uploads as a good client does: on a cut line, a 5xx or "still being answered" it sends the same again with the same
 * Idempotency-Key, and when it hears that these products are being enriched already, it finds them in its list.
 * @param name of the catalog, used once only
 * @throws Error on any other refusal, or after `seconds`
 */
export const persistentUpload = async (api: Api, name: string, csv: string, seconds = 90): Promise<Accepted> => {
  const headers = { "content-type": "text/csv", "idempotency-key": randomUUID() };
  const deadline = Date.now() + seconds * 1_000;
  for (let tries = 1; ; tries += 1) {
    const answer = await api
      .call("POST", "/catalogs", { query: { name }, headers, body: csv })
      .catch((error: unknown) => ({ status: 0, body: { code: String(error) } }));
    if (answer.status === 202) return { ...AcceptedSchema.parse(answer.body), tries };
    const { code } = ProblemCodeSchema.catch({ code: "none" }).parse(answer.body);
    const own = code === "duplicate_upload" && tries > 1 ? await findByName(api, name) : undefined;
    if (own) return { ...own, tries };
    const mayPass =
      answer.status === 0 ||
      answer.status >= 500 ||
      code === "idempotency_in_progress" ||
      (code === "duplicate_upload" && tries > 1);
    if (!mayPass || Date.now() > deadline) {
      throw new Error(`the upload "${name}" was answered ${answer.status} (${code}) at try ${tries}`);
    }
    await delay(AGAIN_AFTER_MS);
  }
};
