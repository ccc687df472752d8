import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type * as z from "zod";
import { ProblemSchema } from "../../../lambdas/common/core/contract/problem.ts";
import { CatalogStatusSchema } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { CatalogUploadAddressSchema } from "../../../lambdas/common/core/contract/uploads/catalog-upload-address.ts";
import { StartedRunSchema } from "../../../lambdas/common/core/contract/uploads/started-run.ts";
import type { Answer, Api } from "../e2e/api.ts";

const AcceptedSchema = StartedRunSchema.pick({ catalog_id: true, tracking_id: true });
const ProblemCodeSchema = ProblemSchema.pick({ code: true });
const AGAIN_AFTER_MS = 500;

/** What is no answer of the API: the line was cut, or the gateway is away. */
const noAnswer = (error: unknown) => ({ status: 0, body: { code: String(error) } });
const codeOf = (body: unknown): string => ProblemCodeSchema.catch({ code: "none" }).parse(body).code;
const mayPass = ({ status, body }: Pick<Answer, "status" | "body">): boolean =>
  status === 0 || status >= 500 || codeOf(body) === "idempotency_in_progress";

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
export const persistentUpload = async (api: Api, name: string, csv: string, seconds = 900): Promise<Accepted> => {
  const headers = { "content-type": "text/csv", "idempotency-key": randomUUID() };
  const deadline = Date.now() + seconds * 1_000;
  const met: string[] = [];
  for (let tries = 1; ; tries += 1) {
    const from = Date.now();
    const answer = await api.call("POST", "/catalogs", { query: { name }, headers, body: csv }).catch(noAnswer);
    met.push(`${answer.status} (${codeOf(answer.body)}) after ${Date.now() - from} ms`);
    if (answer.status === 202) return { ...AcceptedSchema.parse(answer.body), tries };
    const code = codeOf(answer.body);
    const wasHeard = code === "duplicate_upload" && tries > 1;
    const own = wasHeard ? await findByName(api, name) : undefined;
    if (own) return { ...own, tries };
    if (!(mayPass(answer) || wasHeard) || Date.now() > deadline) {
      throw new Error(`the upload "${name}" was refused ${tries} times: ${met.join(", ")}`);
    }
    await delay(AGAIN_AFTER_MS);
  }
};

/**
 * Sends a request again with the same Idempotency-Key until it is answered.
 * @returns the answer, with the number of times that it was sent
 * @throws Error after `seconds`
 */
export const persistentCall = async (
  api: Api,
  path: string,
  body?: object,
  seconds = 900,
): Promise<Pick<Answer, "status" | "body"> & { readonly tries: number }> => {
  const headers = { "content-type": "application/json", "idempotency-key": randomUUID() };
  const deadline = Date.now() + seconds * 1_000;
  for (let tries = 1; ; tries += 1) {
    const asked = { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await api.call("POST", path, asked).catch(noAnswer);
    if (!mayPass(answer)) return { status: answer.status, body: answer.body, tries };
    if (Date.now() > deadline) throw new Error(`POST ${path} was answered ${answer.status} at try ${tries}`);
    await delay(AGAIN_AFTER_MS);
  }
};

/** A file that has an address and is still to be put there. */
export interface RequestedUpload {
  readonly catalog_id: string;
  /** Puts it, and waits until its run has begun. @throws Error when it is refused, or after `seconds` */
  readonly send: (seconds?: number) => Promise<Accepted>;
}

/** Not `fetch`, which sends no other host than that of its address; the host is signed. */
const put = async (url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<void> => {
  const outgoing = request(url, { method: "PUT", headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`the PUT was answered ${answer.statusCode}: ${said}`);
};

/**
 * Orders the address of a file.
 * @param s3Url where it is put, whatever host the address names: a client's line to S3 is no concern of the faults
 */
export const requestUpload = async (api: Api, name: string, csv: string, s3Url: string): Promise<RequestedUpload> => {
  const body = Uint8Array.from(Buffer.from(csv));
  const request = { name, file_name: "storm.csv", content_type: "text/csv", content_length: body.byteLength };
  const { status, body: answer, tries } = await persistentCall(api, "/catalogs/uploads", request);
  if (status !== 201) throw new Error(`the request of "${name}" was answered ${status}: ${JSON.stringify(answer)}`);
  const { catalog_id, upload_url, upload_headers: headers } = CatalogUploadAddressSchema.parse(answer);
  const address = new URL(upload_url);
  const send = async (seconds = 600): Promise<Accepted> => {
    await put(new URL(address.pathname + address.search, s3Url), { ...headers, host: address.host }, body);
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const answer = await api.call("GET", `/catalogs/${catalog_id}/status`).catch(noAnswer);
      const seen = answer.status === 200 ? CatalogStatusSchema.parse(answer.body) : undefined;
      if (seen?.tracking_id) return { catalog_id, tracking_id: seen.tracking_id, tries };
      if (seen?.state === "ingest_failed" || Date.now() > deadline) {
        throw new Error(`the file of "${name}" is not read: ${JSON.stringify(answer.body)}`);
      }
      await delay(AGAIN_AFTER_MS);
    }
  };
  return { catalog_id, send };
};
