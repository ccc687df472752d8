import type { SourceFacts } from "./source-descriptor.ts";
import type { SourceExtras } from "./source-settings.ts";

/**
 * A source as a stage has it: with the costs, and for a descriptor the fields, of the extras that its settings ask for.
 * Code that uses costs or fields reads them from here, so that no field is promised that is not requested.
 */
export const applyExtras = <Source extends Pick<SourceFacts, "operations" | "configure">>(
  source: Source,
  extras: SourceExtras,
): Source => (source.configure ? { ...source, ...source.configure(extras) } : source);
