import type { Command } from "commander";
import { QuotaSchema } from "../../../lambdas/common/core/contract/operations/quota.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";

/** Adds `token` and `quota`. */
export const addAccount = (program: Command, run: RunCommand): void => {
  program
    .command("token")
    .description("print a token for your own calls of the API (Authorization: Bearer …), good for an hour")
    .action(async (_: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async ({ io, target, json }) => {
        const token = await target.token();
        if (json) printJson(io, { token, api_url: target.apiUrl });
        else io.out(`${token}\n`);
        return EXIT.OK;
      });
    });
  program
    .command("quota")
    .description("show the state of each source, what is used and left today, and what to do next")
    .action(async (_: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async ({ io, api, json }) => {
        const quota = await api.call({ path: "/quota", answer: QuotaSchema });
        if (json) {
          printJson(io, quota);
          return EXIT.OK;
        }
        const rows = quota.sources.map((source) => [
          source.source,
          source.state,
          String(source.calls_per_second),
          String(source.used_today),
          source.left_today === null ? "no limit" : String(source.left_today),
          source.products_still_servable_today === null ? "no limit" : String(source.products_still_servable_today),
        ]);
        io.out(formatTable(["source", "state", "calls/s", "used today", "left today", "products left"], rows));
        for (const { source, state, reason, next_step } of quota.sources) {
          if (state !== "ok") io.out(`\n${io.paint("yellow", source)}: ${reason}\n  What to do: ${next_step}\n`);
        }
        return EXIT.OK;
      });
    });
};
