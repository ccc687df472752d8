import type { Command } from "commander";
import type * as z from "zod";
import { LicencesSchema } from "../../../lambdas/common/core/contract/licences/licences.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import type { RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { addReport } from "./report.ts";
import { addRevoke } from "./revoke.ts";

const printLicences = (io: Io, answer: z.infer<typeof LicencesSchema>): void => {
  const rows = answer.items.map(({ source, enabled, licence: rules, acknowledgements, revocation_id }) => [
    source,
    rules.store_seconds === null ? "without end" : `${rules.store_seconds / 3_600} h`,
    rules.history ? "yes" : "no",
    rules.prices_public ? "yes" : "no",
    rules.ratings_public ? "yes" : "no",
    [
      revocation_id === null ? [] : `revoked: ${revocation_id}`,
      enabled ? [] : "not asked on this stage",
      acknowledgements.map(({ rule, sentence }) => `${rule}: ${sentence}`),
    ]
      .flat(2)
      .join("; "),
  ]);
  io.out(formatTable(["source", "kept", "history", "prices public", "ratings public", "notes"], rows));
};

/** Adds `licence list`, `licence report` and `licence revoke`. */
export const addLicence = (program: Command, run: RunCommand): void => {
  const licence = program
    .command("licence")
    .description("what may be kept and shown of each source, what is held, and taking it back");
  const list = licence
    .command("list")
    .description("what each source allows, and what the owner of the stage acknowledged");
  showAnswer(list, run, {
    ask: ({ api }) => api.call({ path: "/licences", answer: LicencesSchema }),
    print: printLicences,
  });
  addReport(licence, run);
  addRevoke(licence, run);
};
