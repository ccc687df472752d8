import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import type * as z from "zod";
import { ImportAnswerSchema, type ImportRequestSchema } from "../../../lambdas/common/core/contract/products/import.ts";
import { ProductAnswerSchema } from "../../../lambdas/common/core/contract/products/product.ts";
import { inPath } from "../../api/in-path.ts";
import { jsonBody } from "../../api/json-body.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { printProduct } from "./print-product.ts";

interface ProductOptions extends CommonOptions {
  readonly marketplace?: string;
  readonly stored?: boolean;
  readonly realTime?: boolean;
  readonly public?: boolean;
}

interface ImportOptions extends CommonOptions {
  readonly marketplace?: string;
  readonly include?: "variations";
}

/** `--marketplace` of commands about products. */
export const marketplaceOption = (): Option =>
  new Option("--marketplace <shop>", "the shop, as www.amazon.de, amazon.de or DE (default: that of the stage)");

/** Adds `product ASIN` and `import ASIN`. */
export const addLookUp = (program: Command, run: RunCommand): void => {
  program
    .command("product")
    .description("show a product as it is now, each field with its source, age and end")
    .argument("<asin>", "the product")
    .addOption(marketplaceOption())
    .option("--stored", "only what is stored; no source is asked")
    .addOption(new Option("--real-time", "ask the sources whatever is stored").conflicts("stored"))
    .option("--public", "without the fields that may not stand on a public site")
    .action(async (asin: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ProductOptions>();
      await run(options, async ({ io, api, json }) => {
        const stored = `/products/${inPath(asin.toUpperCase())}`;
        const path = options.stored ? stored : `${stored}/enhanced`;
        const query = {
          marketplace: options.marketplace,
          real_time: options.realTime ? "true" : undefined,
          public: options.public ? "true" : undefined,
        };
        const product = await api.call({ path, query, answer: ProductAnswerSchema }).catch(async (error: unknown) => {
          if (!(error instanceof CliError) || error.exitCode !== EXIT.UNAVAILABLE || path === stored) throw error;
          const { marketplace, public: isPublic } = query;
          const kept = await api
            .call({ path: stored, query: { marketplace, public: isPublic }, answer: ProductAnswerSchema })
            .catch(() => Promise.reject(error));
          io.err(`No source can be asked now, so this is what is stored. ${error.message}\n`);
          return kept;
        });
        if (json) printJson(io, product);
        else printProduct(io, product);
        return EXIT.OK;
      });
    });
  program
    .command("import")
    .description("fetch a product now and keep it")
    .argument("<asin>", "the product")
    .addOption(marketplaceOption())
    .addOption(new Option("--include <what>", "fetch this too").choices(["variations"]))
    .action(async (asin: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      await run(options, async ({ io, api, json }) => {
        const request: z.input<typeof ImportRequestSchema> = {
          asin: asin.toUpperCase(),
          ...(options.marketplace === undefined ? {} : { marketplace: options.marketplace }),
          ...(options.include === undefined ? {} : { include: options.include }),
        };
        const answer = await api.call({
          method: "POST",
          path: "/products/import",
          ...jsonBody(request, { "idempotency-key": randomUUID() }),
          answer: ImportAnswerSchema,
        });
        if (json) printJson(io, answer);
        else {
          printProduct(io, answer.product);
          io.err(`${answer.imported_fields.length} fields imported\n`);
        }
        return EXIT.OK;
      });
    });
};
