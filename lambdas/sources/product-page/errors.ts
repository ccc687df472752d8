import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifyProductPage } from "../../core/sources/known/product-page/failure-codes.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { explain } from "./explain.ts";
import type { PageKind } from "./page-kind.ts";

/** A block is left alone for an hour. */
const BLOCK_PAUSE_MS = 3_600_000;

/** Builds this source's error; class and words come from the code. A block asks for an hour of silence. */
export const pageError = (code: string, status: number | null, signals: LimitSignals = {}): SourceError => {
  const failureClass = classifyProductPage(code);
  const pause = failureClass === "throttled" ? { retryAfterMs: BLOCK_PAUSE_MS } : {};
  return new SourceError("product-page", {
    code,
    status,
    failureClass,
    message: explain(code).reason,
    signals: { ...pause, ...signals },
  });
};

/** Kinds that speak of us or of the shop, not of the product: the whole call failed. */
export const CALL_FAILURES: Readonly<Partial<Record<PageKind, string>>> = {
  captcha: "Captcha",
  click_through: "ClickThroughWall",
  js_challenge: "JsChallenge",
  server_error: "PageUnavailable",
};

/** Kinds that speak of the product alone. */
export const PRODUCT_FAILURES: Readonly<Partial<Record<PageKind, string>>> = {
  not_found: "PageNotFound",
  sign_in: "SignInRequired",
  other: "UnknownPage",
};
