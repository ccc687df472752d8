import { randomUUID } from "node:crypto";
import * as z from "zod";
import { type CatalogProduct, CatalogProductSchema } from "../../lambdas/common/core/contract/catalogs/products.ts";
import { pageOf } from "../../lambdas/common/core/contract/page.ts";
import { ProblemSchema } from "../../lambdas/common/core/contract/problem.ts";
import { type CatalogStatus, CatalogStatusSchema } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { type StartedRun, StartedRunSchema } from "../../lambdas/common/core/contract/uploads/started-run.ts";
import { LocalError } from "../local-error.ts";

const ProductPageSchema = pageOf(CatalogProductSchema);

/** The gateway of the local stack leaves out the rest of a problem. */
const ReadProblemSchema = ProblemSchema.partial({ errors: true, correlation_id: true });

/** A catalog file as it goes over the wire. */
export interface CatalogUpload {
  readonly name: string;
  readonly marketplace: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly force: boolean;
}

/** The deployed HTTP API as the demo uses it. Every call throws LocalError with the API's own words when it fails. */
export interface ApiClient {
  upload(catalog: CatalogUpload): Promise<StartedRun>;
  status(catalogId: string): Promise<CatalogStatus>;
  /** The first products of a catalog, of one state when given. */
  products(catalogId: string, state?: "enriched" | "failed"): Promise<CatalogProduct[]>;
  /** The answer of `GET /quota` as it is; undefined when this version has none. */
  quota(): Promise<unknown>;
}

/** Longest wait for one answer; a cold function on a busy machine takes some seconds. */
const TIMEOUT_MS = 60_000;

const explain = async (what: string, response: Response): Promise<LocalError> => {
  const text = await response.text();
  const problem = (() => {
    try {
      return ReadProblemSchema.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  })();
  const words = problem
    ? [
        `${problem.detail} (${problem.code})`,
        ...(problem.errors ?? []).map(({ field, problem: why }) => `  ${field}: ${why}`),
      ]
    : [text.slice(0, 500) || "no body"];
  if (response.status === 413) {
    words.push("  In one request an upload may have 1 MB and 20,000 rows; bigger files go by POST /catalogs/uploads.");
  }
  return new LocalError(`${what} was answered with ${response.status}: ${words.join("\n")}`);
};

/**
 * Builds the client.
 * @param getToken signs in; asked again when a token has run out
 */
export const createApiClient = (apiUrl: string, getToken: () => Promise<string>): ApiClient => {
  let token: string | undefined;
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      token ??= await getToken();
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const response = await fetch(apiUrl + path, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status !== 401 || attempt === 2) return response;
      token = undefined;
    }
  };
  const read = async <Schema extends z.ZodType>(
    what: string,
    schema: Schema,
    response: Response,
  ): Promise<z.output<Schema>> => {
    if (!response.ok) throw await explain(what, response);
    const parsed = schema.safeParse(await response.json());
    if (!parsed.success)
      throw new LocalError(`${what} gave an answer of another shape: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  return {
    upload: async ({ name, marketplace, contentType, content, force }) => {
      const query = new URLSearchParams({ name, marketplace, ...(force ? { force: "true" } : {}) });
      const response = await send(`/catalogs?${query}`, {
        method: "POST",
        headers: { "content-type": contentType, "idempotency-key": randomUUID() },
        body: Uint8Array.from(content),
      });
      return read("the upload", StartedRunSchema, response);
    },
    status: async (id) =>
      read("the status", CatalogStatusSchema, await send(`/catalogs/${encodeURIComponent(id)}/status`)),
    products: async (id, state) => {
      const query = state ? `?state=${state}` : "";
      const response = await send(`/catalogs/${encodeURIComponent(id)}/products${query}`);
      return (await read("the list of products", ProductPageSchema, response)).items;
    },
    quota: async () => {
      const response = await send("/quota");
      if (response.status === 404) return undefined;
      return read("the quota", z.unknown(), response);
    },
  };
};
