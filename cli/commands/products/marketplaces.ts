import type { Command } from "commander";
import type * as z from "zod";
import { MarketplacesSchema } from "../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { findMarketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import type { CommonOptions, RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { addSetMarketplace } from "./set-marketplace.ts";

interface MarketplacesOptions extends CommonOptions {
  readonly notices?: string;
}

type Marketplaces = z.infer<typeof MarketplacesSchema>;

const printShops = (io: Io, answer: Marketplaces): void => {
  const rows = answer.items.map(({ code, country, currency, language, region_name, enabled, partner_tag }) => [
    ...[country, code, currency, language],
    [
      code === answer.default_marketplace ? `${region_name} (default)` : region_name,
      enabled ? "" : ", switched off",
      partner_tag === null ? "" : `, tag ${partner_tag}`,
    ].join(""),
  ]);
  io.out(formatTable(["country", "shop", "currency", "language", "name"], rows));
};

/** @throws CliError USAGE when there is no such shop */
const printNotices = (io: Io, answer: Marketplaces, name: string): void => {
  const code = findMarketplace(name)?.code;
  const shop = answer.items.find((item) => item.code === code);
  if (!shop) throw new CliError(EXIT.USAGE, `There is no shop "${name}": enrichline marketplaces lists them.`);
  const rows = shop.notices.map(({ id, language, translation, text }) => [
    ...[id, translation ? `${language} (our translation)` : language, text],
  ]);
  io.out(formatTable(["notice", "language", "text"], rows));
};

/** Adds `marketplaces` and `marketplaces set`. */
export const addMarketplaces = (program: Command, run: RunCommand): void => {
  const marketplaces = program
    .command("marketplaces")
    .description("list the shops, or what a site about one of them must say")
    .option("--notices <shop>", "the sentences for this shop, as www.amazon.de, amazon.de or DE");
  showAnswer(marketplaces, run, {
    ask: ({ api }) => api.call({ path: "/marketplaces", answer: MarketplacesSchema }),
    print: (io, answer, { notices }: MarketplacesOptions) =>
      notices === undefined ? printShops(io, answer) : printNotices(io, answer, notices),
  });
  addSetMarketplace(marketplaces, run);
};
