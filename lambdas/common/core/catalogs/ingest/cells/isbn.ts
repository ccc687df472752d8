/** Says whether the 10 characters, digits with a digit or `X` last, carry a right ISBN-10 check digit. */
export const isIsbn10 = (text: string): boolean => {
  if (!/^\d{9}[\dX]$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += (10 - i) * (text[i] === "X" ? 10 : Number(text[i]));
  return sum % 11 === 0;
};

/** ISBN-10 of a 978-ISBN-13: on Amazon the ASIN of the printed book. Undefined for any other number. */
export const isbn10Of = (ean: string): string | undefined => {
  if (!/^978\d{10}$/.test(ean)) return undefined;
  const body = ean.slice(3, 12);
  return [..."0123456789X"].map((digit) => body + digit).find(isIsbn10);
};

/**
 * The ISBN-10 that a spreadsheet turned into a number: its leading zeros are put back, and the `.0` of a column of
 * fractions is taken off. Undefined unless the check digit is right, so that some other number is not taken for a book.
 */
export const isbnOfNumber = (text: string): string | undefined => {
  if (!/^(?:\d{4,8}[\dX]|\d{5,10}\.0)$/i.test(text)) return undefined;
  const candidate = text.replace(/\.0$/, "").toUpperCase().padStart(10, "0");
  return isIsbn10(candidate) ? candidate : undefined;
};
