/**
 * The log field that leads from a line back to the requests it works for: the correlation id of all of them, or a list
 * where the products of several requests share an upstream call.
 */
export const correlationOf = (
  works: readonly { readonly correlation_id: string }[],
): { readonly correlation_id: string | readonly string[] } => {
  const ids = [...new Set(works.map(({ correlation_id }) => correlation_id))].sort();
  const [only] = ids;
  return { correlation_id: only !== undefined && ids.length === 1 ? only : ids };
};
