import type { RedriveRequest } from "../../../common/core/contract/operations/redrives.ts";
import { isEmptyFilter, type LetterSelection } from "../../../common/core/dead-letters/selection.ts";
import { ValidationError } from "../../../common/core/errors.ts";

const refused = (field: string, problem: string, code?: string): ValidationError =>
  new ValidationError("Say which letters: by their ids, by a filter, or all of one queue.", {
    ...(code === undefined ? {} : { code }),
    errors: [{ field, problem }],
  });

/**
 * What a request asks for. Nothing means nothing: to take all letters of a queue it must say so.
 * @throws ValidationError
 */
export const selectionOf = ({ queue, message_ids, filter, all }: RedriveRequest): LetterSelection => {
  if (message_ids === undefined && filter === undefined && all === undefined) {
    throw refused("filter", "give message_ids, a filter, or all with a queue", "empty_filter");
  }
  if (filter && isEmptyFilter(filter)) {
    throw refused("filter", 'name at least one member; "all": true with a queue takes all of it', "empty_filter");
  }
  if (all && queue === undefined) throw refused("queue", "name the queue whose letters are all meant");
  return {
    queue: queue ?? null,
    message_ids: message_ids === undefined ? null : [...new Set(message_ids)],
    filter: filter ?? null,
    all: all ?? false,
  };
};
