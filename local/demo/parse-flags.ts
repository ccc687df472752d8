import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findMarketplace } from "../../lambdas/common/core/products/marketplaces.ts";
import { REPOSITORY_ROOT } from "../layout.ts";
import { LocalError, messageOf } from "../local-error.ts";
import { requireReadable } from "./require-readable.ts";

/** What the demo was asked to do. */
export interface DemoFlags {
  /** Ends after the run and stops what it started. */
  readonly once: boolean;
  /** Absolute path of the catalog. */
  readonly catalog: string;
  /** Absolute path of the simulators' products; absent: made up. */
  readonly products: string | undefined;
  readonly keepNulls: boolean;
  /** Shop host. */
  readonly marketplace: string;
  /** Fetches products again that an earlier run made fresh. */
  readonly force: boolean;
  /** Summary as JSON on standard output, everything else on standard error. */
  readonly json: boolean;
  /** Shows the shop line in place of a catalog. */
  readonly shop: boolean;
  readonly help: boolean;
}

/** Text of `--help`. */
export const DEMO_USAGE = `Usage: npm run demo -- [options]

Starts the whole product on this machine, enriches a catalog and shows what happens.

  --once              end after the run; exit code 0 only if every product reached an end state
  --catalog FILE      your catalog: CSV, TSV, NDJSON or JSON with ASINs (default: the sample of 60 products)
  --products FILE     products that the simulated Amazon serves, .ndjson or .ndjson.gz (default: made up)
  --keep-nulls        leave empty fields of --products empty
  --marketplace SHOP  shop of the catalog, such as www.amazon.de or UK (default: www.amazon.com)
  --force             fetch again what an earlier run already fetched within 24 hours
  --shop              show the shop line instead: captions and thumbnails of ten videos become products
  --json              print the summary as JSON
  --help              this text
`;

/** A path as the person typed it: seen from the folder where they called npm, else from the current one. */
const pathFrom = (typed: string, env: NodeJS.ProcessEnv): string => {
  const called = env.INIT_CWD;
  const seenFromCall = called ? resolve(called, typed) : resolve(typed);
  return existsSync(seenFromCall) ? seenFromCall : resolve(typed);
};

const existing = (flag: string, typed: string, env: NodeJS.ProcessEnv): string => {
  const path = pathFrom(typed, env);
  requireReadable(`--${flag} ${typed}`, path);
  return path;
};

/**
 * Reads the command line of the demo.
 * @param args arguments after the script's name
 * @throws LocalError naming the wrong flag, file or shop.
 */
export const parseDemoFlags = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): DemoFlags => {
  const flag = { type: "boolean", default: false } as const;
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          once: flag,
          catalog: { type: "string" },
          products: { type: "string" },
          "keep-nulls": flag,
          marketplace: { type: "string", default: "www.amazon.com" },
          force: flag,
          json: flag,
          shop: flag,
          help: flag,
        },
        strict: true,
      }).values;
    } catch (cause) {
      throw new LocalError(`${messageOf(cause)}\n\n${DEMO_USAGE}`, { cause });
    }
  })();
  const shop = findMarketplace(parsed.marketplace);
  if (!shop)
    throw new LocalError(`--marketplace ${parsed.marketplace}: no such shop; use one such as www.amazon.de or UK`);
  return {
    once: parsed.once,
    catalog:
      parsed.catalog === undefined
        ? resolve(REPOSITORY_ROOT, "local", "sample", "catalog.csv")
        : existing("catalog", parsed.catalog, env),
    products: parsed.products === undefined ? undefined : existing("products", parsed.products, env),
    keepNulls: parsed["keep-nulls"],
    marketplace: shop.code,
    force: parsed.force,
    json: parsed.json,
    shop: parsed.shop,
    help: parsed.help,
  };
};
