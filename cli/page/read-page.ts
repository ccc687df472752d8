import {
  type PageRequest,
  type ParsedPage,
  parsePage,
} from "../../lambdas/common/sources/product-page/reading/parse-page.ts";

/** What the parser of product pages sees in the text of a page, exactly as a run would. @throws RangeError for an unknown shop */
export const readPage = (html: string, request: PageRequest): ParsedPage => parsePage(html, request);
