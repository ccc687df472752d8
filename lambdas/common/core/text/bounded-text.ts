const encoder = new TextEncoder();
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
export const MAX_BYTES_PER_UNIT = 3;

/** Bytes that a text takes as UTF-8, which is how DynamoDB and S3 count it. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length;

/**
 * The text as it can be stored: Unicode, and at most `maxBytes` of UTF-8, cut between characters. Foreign text of any
 * length costs no more than that.
 */
export const boundedText = (text: string, maxBytes: number): string => {
  // A unit takes a byte or more, so what follows cannot be kept anyway; of a pair that is cut here nothing is.
  const wellFormed = (text.length > maxBytes ? text.slice(0, maxBytes + 1) : text).toWellFormed();
  if (wellFormed.length * MAX_BYTES_PER_UNIT <= maxBytes) return wellFormed;
  return wellFormed.slice(0, encoder.encodeInto(wellFormed, new Uint8Array(maxBytes)).read);
};
