import type { SourceId } from "../core/source-ids.ts";
import type { ExplainCode, SourceWords } from "../core/sources/explain-state.ts";
import { explain as creatorsApi } from "./creators-api/explain.ts";
import { explain as keepa } from "./keepa/explain.ts";
import { explain as paapi } from "./paapi/explain.ts";
import { explain as productPage } from "./product-page/explain.ts";
import { explain as spApi } from "./sp-api/explain.ts";

/** Sample data is invented here, so nothing ever refuses it. */
const EXPLAINERS: Readonly<Partial<Record<SourceId, (code: string) => SourceWords>>> = {
  "creators-api": creatorsApi,
  paapi,
  "sp-api": spApi,
  keepa,
  "product-page": productPage,
};

/**
 * The words of every source for its codes, for whoever tells a person how a source stands. Free of clients, and apart
 * from the facts: only functions that speak of pauses carry it.
 */
export const explainCode: ExplainCode = (source, code) => EXPLAINERS[source]?.(code);
