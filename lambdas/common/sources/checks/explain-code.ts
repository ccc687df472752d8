import type { SourceId } from "../../core/source-ids.ts";
import type { ExplainCode, SourceWords } from "../../core/sources/explain-state.ts";
import { explain as creatorsApi } from "../creators-api/explain.ts";
import { explain as keepa } from "../keepa/explain.ts";
import { explain as paapi } from "../paapi/explain.ts";
import { explain as productPage } from "../product-page/explain.ts";
import { explain as spApi } from "../sp-api/explain.ts";

/** Sample data is invented here, so no call of it is ever refused. */
const EXPLAINERS: Readonly<Partial<Record<SourceId, (code: string) => SourceWords>>> = {
  "creators-api": creatorsApi,
  paapi,
  "sp-api": spApi,
  keepa,
  "product-page": productPage,
};

/**
 * Every source's explanations of its codes, for messages about a source's state. It imports no client and is apart from
 * the facts, so that only functions that explain pauses bundle it.
 */
export const explainCode: ExplainCode = (source, code) => EXPLAINERS[source]?.(code);
