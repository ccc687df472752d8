import type { RateLimit } from "../../core/limiter/rate-limiter.ts";
import type { SourceClient } from "../../core/sources/source-client.ts";
import type { SourceDescriptor, SourceOperation } from "../../core/sources/source-descriptor.ts";

/** The part of a descriptor that the chain reads; every `SourceDescriptor` fits, whatever its secret. */
export type ChainSourceFacts = Pick<
  SourceDescriptor,
  | "id"
  | "operations"
  | "fields"
  | "marketplaces"
  | "accuracy"
  | "cacheTtl"
  | "defaultLimits"
  | "oneAtATime"
  | "classifyError"
>;

/** What both kinds of sources have. */
interface EnabledSource {
  /** Its `marketplaces` are without those that are switched off. */
  readonly descriptor: ChainSourceFacts;
  /** Shops that it could serve, were they not switched off by operators. @default none */
  readonly switchedOff?: readonly string[];
}

/** A source with credentials. */
export interface ReadySource extends EnabledSource {
  readonly client: SourceClient;
  /** The limit of a call of this operation. */
  readonly limitFor: (operation: SourceOperation) => RateLimit;
}

/** An enabled source without usable credentials. */
export interface UnavailableSource extends EnabledSource {
  readonly unavailable: "not_configured";
  /** What is wrong with the credentials; absent: there are none. */
  readonly detail?: string;
}

/** One enabled source of the stage. */
export type ChainSource = ReadySource | UnavailableSource;

/** Whether a source can be called. */
export const isReady = (source: ChainSource): source is ReadySource => "client" in source;
