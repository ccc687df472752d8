/** A text with spaces for its control characters, which could steer the terminal. @param kept one that stays */
export const withoutControls = (text: string, kept?: string): string =>
  [...text].map((one) => (/\p{Cc}|\p{Cf}/u.test(one) && one !== kept ? " " : one)).join("");
