import type { Command } from "commander";
import {
  MarketplaceAnswerSchema,
  type MarketplaceChange,
} from "../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { findMarketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { jsonBody } from "../../api/json-body.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import type { CommonOptions, RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";

interface SetOptions extends CommonOptions {
  readonly enable?: boolean;
  readonly disable?: boolean;
  /** False: `--no-partner-tag`. */
  readonly partnerTag?: string | boolean;
}

/** What is to change. @throws CliError USAGE when that is nothing, or a contradiction */
const changeOf = ({ enable = false, disable = false, partnerTag }: SetOptions): MarketplaceChange => {
  if (enable && disable) throw new CliError(EXIT.USAGE, "Use --enable or --disable, not both.");
  const change: MarketplaceChange = {
    ...(enable || disable ? { enabled: enable } : {}),
    ...(typeof partnerTag === "string" ? { partner_tag: partnerTag } : {}),
    ...(partnerTag === false ? { partner_tag: null } : {}),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(EXIT.USAGE, "Say what to set: --enable, --disable, --partner-tag TAG or --no-partner-tag.");
};

/** Adds `marketplaces set`. */
export const addSetMarketplace = (marketplaces: Command, run: RunCommand): void => {
  const set = marketplaces
    .command("set")
    .description("switch a shop on or off, or set its partner tag; holds within half a minute")
    .argument("<shop>", "as www.amazon.de, amazon.de or DE")
    .option("--enable", "serve it")
    .option("--disable", "ask and take nothing for it; what is stored stays readable")
    .option("--partner-tag <tag>", "goes before the tag in the credentials")
    .option("--no-partner-tag", "use the tag in the credentials again");
  showAnswer(set, run, {
    ask: ({ operatorApi }, options: SetOptions, [name = ""]) => {
      const shop = findMarketplace(name);
      if (!shop) throw new CliError(EXIT.USAGE, `There is no shop "${name}": enrichline marketplaces lists them.`);
      return operatorApi.call({
        method: "PUT",
        path: `/marketplaces/${shop.code}`,
        ...jsonBody(changeOf(options)),
        answer: MarketplaceAnswerSchema,
      });
    },
    print: (io, { code, enabled, partner_tag }) => {
      const tag = partner_tag === null ? "the partner tag of the credentials" : `partner tag ${partner_tag}`;
      io.out(`${code} is switched ${enabled ? "on" : "off"}, with ${tag}.\n`);
    },
  });
};
