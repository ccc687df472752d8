import type * as z from "zod";
import { CatalogSchema } from "../../../lambdas/common/core/contract/catalogs/catalog.ts";
import { type CatalogProduct, CatalogProductSchema } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { type Problem, ProblemSchema } from "../../../lambdas/common/core/contract/problem.ts";
import { ProductAnswerSchema } from "../../../lambdas/common/core/contract/products/product.ts";
import { type CatalogStatus, CatalogStatusSchema } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { type UploadReport, UploadReportSchema } from "../../../lambdas/common/core/contract/uploads/upload-report.ts";
import type { Outputs, UserName } from "../../../local/outputs.ts";
import { tokenFor } from "../local-stack.ts";
import { fetchAgain } from "./fetch-again.ts";
import { waitFor } from "./wait-for.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body read as JSON. */
  readonly body: unknown;
}

export interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Statuses in which nothing more happens by itself. */
const ENDED = ["completed", "completed_with_failures", "cancelled"];
const TIMEOUT_MS = 60_000;

/** The deployed HTTP API as one user calls it. Every status that passes through is held against the equation. */
export class Api {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(apiUrl: string, token: string | undefined) {
    this.#url = apiUrl;
    this.#token = token;
  }

  async call(method: string, path: string, { query, headers, body }: Asked = {}): Promise<Answer> {
    const search = query ? `?${new URLSearchParams(query)}` : "";
    const send = method === "GET" ? fetchAgain : fetch;
    const response = await send(`${this.#url}${path}${search}`, {
      method,
      headers: { ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    try {
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    } catch {
      throw new Error(`${method} ${path} answered ${response.status} with what is no JSON: ${text.slice(0, 300)}`);
    }
  }

  /** Calls and insists on a problem of this status. */
  async refusal(status: number, method: string, path: string, asked: Asked = {}): Promise<Problem> {
    const answer = await this.call(method, path, asked);
    if (answer.status !== status) {
      throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    }
    if (!answer.headers.get("content-type")?.startsWith("application/problem+json")) {
      throw new Error(`${method} ${path} answered ${status} as ${answer.headers.get("content-type")}`);
    }
    return ProblemSchema.parse(answer.body);
  }

  async #read<Schema extends z.ZodType>(
    schema: Schema,
    expected: number,
    method: string,
    path: string,
    asked: Asked = {},
  ): Promise<z.output<Schema>> {
    const answer = await this.call(method, path, asked);
    if (answer.status !== expected) {
      throw new Error(`${method} ${path} answered ${answer.status}, not ${expected}: ${JSON.stringify(answer.body)}`);
    }
    return schema.parse(answer.body);
  }

  /** @param expected 202: a run began; 201: stored only; 200: judged only */
  upload(
    type: string,
    body: string,
    query: Readonly<Record<string, string>> = {},
    expected = 202,
  ): Promise<UploadReport> {
    return this.#read(UploadReportSchema, expected, "POST", "/catalogs", {
      query,
      body,
      headers: { "content-type": type },
    });
  }

  /** Uploads and gives the id of the catalog whose run began. */
  async start(csv: string, query: Readonly<Record<string, string>> = {}): Promise<string> {
    const { catalog_id } = await this.upload("text/csv", csv, query);
    if (catalog_id === null) throw new Error("an upload that began a run has no catalog id");
    return catalog_id;
  }

  async status(catalogId: string): Promise<CatalogStatus> {
    const status = await this.#read(CatalogStatusSchema, 200, "GET", `/catalogs/${catalogId}/status`);
    const { enriched, failed, pending, cancelled } = status.counts;
    if (enriched + failed + pending + cancelled !== status.totals.products) {
      throw new Error(`the counts do not add up: ${JSON.stringify(status)}`);
    }
    return status;
  }

  /**
   * Looks at a catalog until it is as wished. The counts must add up and the sequence of a run must never fall, at every look.
   * @param wish undefined: until it ended
   */
  async follow(
    catalogId: string,
    { seconds, until }: { readonly seconds: number; readonly until?: (status: CatalogStatus) => boolean },
  ): Promise<CatalogStatus> {
    let before: CatalogStatus | undefined;
    const read = async (): Promise<CatalogStatus> => {
      const status = await this.status(catalogId);
      if (before?.tracking_id === status.tracking_id && status.sequence < before.sequence) {
        throw new Error(`the sequence fell from ${before.sequence}: ${JSON.stringify(status)}`);
      }
      before = status;
      return status;
    };
    return waitFor(`the run of ${catalogId}`, read, until ?? (({ state }) => ENDED.includes(state)), seconds);
  }

  /** All products of a catalog, page by page. */
  async products(catalogId: string, query: Readonly<Record<string, string>> = {}): Promise<CatalogProduct[]> {
    return this.#list(CatalogProductSchema, `/catalogs/${catalogId}/products`, query);
  }

  /** All of the user's catalogs, newest first. */
  catalogs() {
    return this.#list(CatalogSchema, "/catalogs", {});
  }

  /** All stored products that a query finds. */
  storedProducts(query: Readonly<Record<string, string>>): Promise<z.output<typeof ProductAnswerSchema>[]> {
    return this.#list(ProductAnswerSchema, "/products", query);
  }

  async #list<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<z.output<Schema>[]> {
    const page = pageOf(schema);
    const all: z.output<Schema>[] = [];
    let cursor: string | null = null;
    do {
      const next: z.output<typeof page> = await this.#read(page, 200, "GET", path, {
        query: { ...query, ...(cursor === null ? {} : { cursor }) },
      });
      all.push(...next.items);
      cursor = next.next_cursor;
    } while (cursor !== null);
    return all;
  }
}

/** Signs a user in. */
export const apiAs = async (outputs: Outputs, user: UserName): Promise<Api> =>
  new Api(outputs.apiUrl, await tokenFor(outputs, user));
