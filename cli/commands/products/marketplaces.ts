import type { Command } from "commander";
import { MarketplacesSchema } from "../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { findMarketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { addSetMarketplace } from "./set-marketplace.ts";

interface MarketplacesOptions extends CommonOptions {
  readonly notices?: string;
}

/** Adds `marketplaces` and `marketplaces set`. */
export const addMarketplaces = (program: Command, run: RunCommand): void => {
  const marketplaces = program
    .command("marketplaces")
    .description("list the shops, or what a site about one of them must say")
    .option("--notices <shop>", "the sentences for this shop, as www.amazon.de, amazon.de or DE")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<MarketplacesOptions>();
      await run(options, async ({ io, api, json }) => {
        const answer = await api.call({ path: "/marketplaces", answer: MarketplacesSchema });
        if (json) printJson(io, answer);
        else if (options.notices === undefined) {
          const rows = answer.items.map(({ code, country, currency, language, region_name, enabled, partner_tag }) => [
            ...[country, code, currency, language],
            [
              code === answer.default_marketplace ? `${region_name} (default)` : region_name,
              enabled ? "" : ", switched off",
              partner_tag === null ? "" : `, tag ${partner_tag}`,
            ].join(""),
          ]);
          io.out(formatTable(["country", "shop", "currency", "language", "name"], rows));
        } else {
          const code = findMarketplace(options.notices)?.code;
          const shop = answer.items.find((item) => item.code === code);
          if (!shop)
            throw new CliError(
              EXIT.USAGE,
              `There is no shop "${options.notices}": enrichline marketplaces lists them.`,
            );
          const rows = shop.notices.map(({ id, language, translation, text }) => [
            ...[id, translation ? `${language} (our translation)` : language, text],
          ]);
          io.out(formatTable(["notice", "language", "text"], rows));
        }
        return EXIT.OK;
      });
    });
  addSetMarketplace(marketplaces, run);
};
