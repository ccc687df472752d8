/** Characters of a foreign text that a message quotes. */
const SHOWN_CHARACTERS = 40;

/** The start of a foreign text in quotation marks, well-formed: a message about a value must not be as long as the value. */
export const quoted = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `"${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…"` : `"${text.toWellFormed()}"`;
