import { type Command, InvalidArgumentError, Option } from "commander";
import type * as z from "zod";
import { SearchAnswerSchema, type SearchRequestSchema } from "../../../lambdas/common/core/contract/products/search.ts";
import { minorUnits } from "../../../lambdas/common/core/money/minor-units.ts";
import { findMarketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { jsonBody } from "../../api/json-body.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { marketplaceOption } from "./look-up.ts";
import { productTable } from "./print-product.ts";

interface SearchOptions extends CommonOptions {
  readonly marketplace?: string;
  readonly category?: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
  readonly limit: number;
}

const amount = (text: string): string => {
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(text)) return text;
  throw new InvalidArgumentError("It must be an amount such as 19.99.");
};

const found = (text: string): number => {
  if (/^(?:[1-9]|10)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be 1 to 10.");
};

/** The API takes minor units, and how many make an amount depends on the shop's currency. */
const inMinor = (text: string | undefined, marketplace: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const shop = marketplace === undefined ? undefined : findMarketplace(marketplace);
  if (!shop)
    throw new CliError(EXIT.USAGE, "A price needs --marketplace with a known shop: its currency says what it means.");
  return minorUnits(text, shop.currencyDigits);
};

/** Adds `search QUERY`. */
export const addSearch = (program: Command, run: RunCommand): void => {
  program
    .command("search")
    .description("search a shop; import what you want to keep")
    .argument("<query>", "what to search for, in the shop's language")
    .addOption(marketplaceOption())
    .option("--category <index>", "search index, such as Electronics (default: All)")
    .addOption(
      new Option("--min-price <amount>", "least price, such as 5 or 19.99; needs --marketplace").argParser(amount),
    )
    .addOption(new Option("--max-price <amount>", "highest price; needs --marketplace").argParser(amount))
    .addOption(new Option("--limit <n>", "products to find at most, 1 to 10").default(10).argParser(found))
    .action(async (query: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<SearchOptions>();
      await run(options, async ({ io, api, json }) => {
        const { marketplace, category, limit } = options;
        const request: z.input<typeof SearchRequestSchema> = {
          ...{ query, limit, marketplace, category },
          min_price: inMinor(options.minPrice, marketplace),
          max_price: inMinor(options.maxPrice, marketplace),
        };
        const answer = await api.call({
          method: "POST",
          path: "/sourcing/search",
          ...jsonBody(request),
          answer: SearchAnswerSchema,
        });
        if (json) printJson(io, answer);
        else if (answer.products.length === 0) io.out(`${answer.source} found nothing.\n`);
        else {
          io.out(productTable(answer.products));
          io.err("Keep one with: enrichline import ASIN\n");
        }
        return EXIT.OK;
      });
    });
};
