import * as z from "zod";

/**
 * Foreign text as it can be stored: Unicode, at most so many characters. What was cut in the midst of an emoji loses
 * that half, because DynamoDB refuses a text that is no Unicode.
 */
export const shopText = (maxCharacters: number) =>
  z
    .string()
    .max(maxCharacters)
    .transform((text) => text.toWellFormed());

/** The same of a text that says nothing when it is blank. */
export const shopWords = (maxCharacters: number) => shopText(maxCharacters).pipe(z.string().trim().min(1));

/** DynamoDB refuses numbers nearer to zero than 1e-130; nobody means them. */
const LEAST_NUMBER = 1e-100;

/** A number from 0 on that DynamoDB stores. */
export const shopNumber = (maximum: number) =>
  z
    .number()
    .min(0)
    .max(maximum)
    .refine((value) => value === 0 || value >= LEAST_NUMBER, "is too near to zero");

/** A moment in ISO form, with any offset, as ISO-8601 UTC with milliseconds. */
export const shopMoment = () =>
  z.iso.datetime({ offset: true }).transform((moment) => new Date(Date.parse(moment)).toISOString());

/** An address that a browser may load. */
export const shopAddress = () => z.url({ protocol: /^https?$/ }).max(2_048);
