import type { LicenceBook } from "../../core/licences/licence-book.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { ownCodeWords } from "../../core/sources/own-code-words.ts";
import { explainCode } from "./explain-code.ts";

/** A failure of a product as the chain tells of it. */
interface SaidFailure {
  /** Source that answered last; null when none was asked: then the words are ours. */
  readonly source: SourceId | null;
  /** The source's own code, or one of ours. */
  readonly rawCode: string;
  readonly message: string;
}

/**
 * The words of a failure that may be stored and published without end. A source's own words are content: they stay where its
 * licence sets no end. For the others our explanation of the code stands, with what to do about it.
 */
export const keptWords = ({ source, rawCode, message }: SaidFailure, licences: LicenceBook): string => {
  if (source === null || licences[source].store_seconds === null) return message;
  const own = ownCodeWords(rawCode);
  if (own !== undefined) return own;
  const words = explainCode(source, rawCode);
  return words === undefined ? `${source} answered ${rawCode}` : `${words.reason} ${words.next_step}`;
};
