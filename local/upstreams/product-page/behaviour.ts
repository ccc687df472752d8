import * as z from "zod";
import { baseBehaviour } from "../shared/server/behaviour.ts";

/** Kinds of pages that a shop answers with. */
export const PAGE_KINDS = [
  "product",
  "captcha",
  "wall",
  "challenge",
  "error",
  "not-found",
  "sign-in",
  "home",
  "no-featured-offer",
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/** Page layouts by the year in which they were common. */
export const LAYOUTS = ["2018", "2021", "2024", "2026"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Switches of the shop pages beside those of every simulator. Codes in `fail_asins` are page kinds. */
export const pageBehaviour = {
  ...baseBehaviour,
  fail_asins: z.record(z.string(), z.enum(PAGE_KINDS)).default({}),
  calls_per_second: z.number().positive().max(1000).default(1),
  calls_per_day: z.number().int().min(0).default(10_000),
  /** What a visitor meets who is too fast. */
  over_limit: z.enum(["captcha", "error", "wall", "challenge"]).default("error"),
  /** The page that every visit gets. */
  page: z.enum(PAGE_KINDS).default("product"),
  /** Every visit after this many meets a captcha; null: never. */
  captcha_after: z.number().int().min(0).nullable().default(null),
  /** Null: drawn from the ASIN. */
  layout: z.enum(LAYOUTS).nullable().default(null),
  /** Pages that come back with another ASIN's content: `{asked: shown}`. */
  other_asins: z.record(z.string(), z.string()).default({}),
  /** Prices as for a visitor from India. */
  foreign_currency: z.boolean().default(false),
  /** Pages with the price blocks taken out. */
  no_prices: z.boolean().default(false),
  /** A Product in JSON-LD, which real pages have not. */
  json_ld: z.boolean().default(false),
  robots: z.enum(["allow", "disallow", "missing", "error"]).default("allow"),
};
