/** For the OpenAPI document: what trimming refuses, which counts no blanks as characters. */
export const NOT_BLANK = { pattern: "\\S" };
