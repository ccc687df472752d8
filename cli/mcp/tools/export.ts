import * as z from "zod";
import {
  ExportFormatSchema,
  ExportIdSchema,
  ExportRowStateSchema,
} from "../../../lambdas/common/core/exports/export-job.ts";
import { beginExport, ExportFactsSchema, fetchExport, readExport } from "../../api/catalog-export.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { ADDS, defineTool } from "../tool.ts";
import { CatalogId } from "./inputs.ts";

/** `export`: saves a catalog with its results in a file. */
export const exportCatalog = defineTool({
  name: "export",
  title: "Export a catalog",
  description:
    "Writes a catalog with its results to a new file in an allowed folder and answers only its name and facts. The file holds product content for the person: do not read it into the conversation. Replaces nothing.",
  hints: ADDS,
  input: z.strictObject({
    catalog_id: CatalogId.optional().describe("The catalog to export; or name export_id."),
    export_id: ExportIdSchema.optional().describe("An export that was begun before: fetched again."),
    format: ExportFormatSchema.default("csv").describe("csv for spreadsheets, jsonl (one object a line) for programs."),
    state: ExportRowStateSchema.optional().describe("Only rows of this state; absent: all rows."),
    public: z.boolean().default(false).describe("true: without the fields that may not stand on a public site."),
    file: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .describe("Name of the new file in an allowed folder; absent: the catalog's name, state and day."),
  }),
  output: ExportFactsSchema.extend({
    file: z.string().describe("The file that was written."),
    bytes: z.number().int().describe("Its size."),
    delete_by: z
      .string()
      .nullable()
      .describe("Licences let its data be kept until then: the person must delete the file. Null: nothing in it ends."),
  }),
  outside: ["file", "file_name", "failure"],
  run: async ({ io, api, folders }, { catalog_id, export_id, file, ...choice }) => {
    if ((catalog_id === undefined) === (export_id === undefined))
      throw new CliError(EXIT.USAGE, "Name either catalog_id or export_id.");
    const begun = await (catalog_id === undefined
      ? readExport(api, export_id ?? "")
      : beginExport(api, catalog_id, choice));
    const path = await folders.newFile(file, begun.file_name);
    const { done, bytes } = await fetchExport(io, api, begun, path);
    return { ...done, file: path, bytes, delete_by: done.valid_until };
  },
});
