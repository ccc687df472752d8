import { EnrichlineError } from "../errors.ts";

/** An export has used up its parts. Only JSON lines get there, which repeat long column names with every row. */
export class ExportTooLargeError extends EnrichlineError {
  override readonly name: string = "ExportTooLargeError";
  readonly code = "export_too_large";
  readonly retryable = false;

  constructor() {
    super(
      "The file would be larger than an export can be (about 80 GB). Ask for CSV, which does not repeat the column names in every row, or for the rows of one state.",
    );
  }
}
