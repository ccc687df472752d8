import { setTimeout as delay } from "node:timers/promises";
import { LiveTicketSchema } from "../../lambdas/common/core/contract/live/live.ts";
import { type CatalogStatus, CatalogStatusSchema } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { CatalogUploadAddressSchema } from "../../lambdas/common/core/contract/uploads/catalog-upload-address.ts";
import { StartedRunSchema } from "../../lambdas/common/core/contract/uploads/started-run.ts";

/** Deterministic ASINs of which each is used once: `B0` + a number in base 36. */
export const asins = (count: number, from: number): string[] =>
  Array.from({ length: count }, (_, index) => `B0${(from + index).toString(36).toUpperCase().padStart(8, "0")}`);

/** The HTTP API as one user of a bench. */
export class BenchApi {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async #call(method: string, path: string, body?: string, contentType = "text/csv"): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": contentType },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** Uploads a bare list. @returns the catalog's id */
  async upload(products: readonly string[]): Promise<string> {
    return StartedRunSchema.parse(await this.#call("POST", "/catalogs", ["asin", ...products].join("\n"))).catalog_id;
  }

  /** Uploads a bare list of any length by an address of its own; it is read afterwards. @returns the catalog's id */
  async uploadLarge(products: readonly string[]): Promise<string> {
    const file = ["asin", ...products].join("\n");
    const request = { file_name: "bench.csv", content_type: "text/csv", content_length: Buffer.byteLength(file) };
    const answer = await this.#call("POST", "/catalogs/uploads", JSON.stringify(request), "application/json");
    const { catalog_id, upload_url, upload_headers } = CatalogUploadAddressSchema.parse(answer);
    const response = await fetch(upload_url, { method: "PUT", headers: upload_headers, body: file });
    if (!response.ok) throw new Error(`the upload answered ${response.status}: ${await response.text()}`);
    return catalog_id;
  }

  /** Starts a new run of a catalog that fetches every product again. */
  async enrichAgain(catalogId: string): Promise<void> {
    await this.#call("POST", `/catalogs/${catalogId}/enrich?force=true`);
  }

  /** A ticket for one WebSocket connection. */
  async ticket(): Promise<string> {
    return LiveTicketSchema.parse(await this.#call("POST", "/live/tickets")).ticket;
  }

  async status(catalogId: string): Promise<CatalogStatus> {
    return CatalogStatusSchema.parse(await this.#call("GET", `/catalogs/${catalogId}/status`));
  }

  /** Checks every `everyMs` until the run is as wished. @returns the status then */
  async until(catalogId: string, isThere: (status: CatalogStatus) => boolean, everyMs = 100): Promise<CatalogStatus> {
    for (;;) {
      const status = await this.status(catalogId);
      if (isThere(status)) return status;
      await delay(everyMs);
    }
  }
}

/** Says whether nothing is left to do in a run. */
export const isDone = ({ counts }: CatalogStatus): boolean => counts.pending === 0;
