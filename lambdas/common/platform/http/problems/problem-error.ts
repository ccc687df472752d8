import { ValidationError } from "../../../core/errors.ts";

/** A refusal whose problem carries members of its own, such as the rejected rows of an upload. */
export class ProblemError extends ValidationError {
  override readonly name: string = "ProblemError";
  /** Added to the problem as they are; must be JSON. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    details: ConstructorParameters<typeof ValidationError>[1],
    members: Readonly<Record<string, unknown>>,
  ) {
    super(message, details);
    this.members = members;
  }
}
