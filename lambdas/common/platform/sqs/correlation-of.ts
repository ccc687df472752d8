/**
 * The log field that leads from a line back to the requests it works for: the correlation id of all of them, or a list
 * where several requests share the work. No field when none has an id.
 */
export const correlationOf = (
  works: readonly { readonly correlation_id?: string }[],
): { readonly correlation_id?: string | readonly string[] } => {
  const ids = [...new Set(works.flatMap(({ correlation_id }) => correlation_id ?? []))].sort();
  const [only] = ids;
  if (only === undefined) return {};
  return { correlation_id: ids.length === 1 ? only : ids };
};
