import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { classifyProductPage } from "../../core/sources/known/product-page/failure-codes.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { explain } from "./explain.ts";
import type { PageKind } from "./reading/page-kind.ts";

/** Silence after a block: an hour. */
const BLOCK_PAUSE_MS = 3_600_000;

/** Builds this source's error; class and text follow from the code. A block asks for an hour of silence. */
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

/** Kinds that are about us or the shop, not about the product: the whole call failed. */
export const CALL_FAILURES: Readonly<Partial<Record<PageKind, string>>> = {
  captcha: "Captcha",
  click_through: "ClickThroughWall",
  js_challenge: "JsChallenge",
  server_error: "PageUnavailable",
};

/** Kinds that are about the product only. */
export const PRODUCT_FAILURES: Readonly<Partial<Record<PageKind, string>>> = {
  not_found: "PageNotFound",
  sign_in: "SignInRequired",
  other: "UnknownPage",
};
