import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { DeletedCatalogSchema } from "../../../lambdas/common/core/contract/catalogs/deleted-catalog.ts";
import { CatalogStatusSchema } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { inPath } from "../../api/in-path.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { printStatus } from "../../output/print-status.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";

const VERBS = {
  pause: "pause a run: within 5 s no further call is made; resume lets it continue",
  resume: "let a paused run continue",
  cancel: "cancel a run for good; what is enriched already stays",
} as const;

/** Adds `pause CATALOG`, `resume CATALOG`, `cancel CATALOG` and `delete CATALOG`. */
export const addControl = (program: Command, run: RunCommand): void => {
  for (const [verb, description] of Object.entries(VERBS)) {
    program
      .command(verb)
      .description(description)
      .argument("<catalog>", "its id, as enrichline catalogs lists it")
      .action(async (id: string, _: unknown, command: Command) => {
        await run(command.optsWithGlobals<CommonOptions>(), async ({ io, api, json }) => {
          const status = await api.call({
            method: "POST",
            path: `/catalogs/${inPath(id)}/${verb}`,
            headers: { "idempotency-key": randomUUID() },
            answer: CatalogStatusSchema,
          });
          if (json) printJson(io, status);
          else printStatus(io, status);
          return EXIT.OK;
        });
      });
  }
  program
    .command("delete")
    .description("delete a catalog with its runs and failures, even while it runs; its products stay")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .option("--yes", "really delete it")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { yes?: boolean }>();
      await run(options, async ({ io, api, json }) => {
        if (!options.yes) {
          throw new CliError(EXIT.USAGE, `Deleting cannot be undone. If you mean it: enrichline delete ${id} --yes`);
        }
        const path = `/catalogs/${inPath(id)}`;
        const deleted = await api.call({ method: "DELETE", path, answer: DeletedCatalogSchema });
        if (json) printJson(io, deleted);
        else io.out(`${deleted.message}\n`);
        return EXIT.OK;
      });
    });
};
