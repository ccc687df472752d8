import * as z from "zod";

/** Sentences that a site must show beside what a source gave. */
export const NoticeIdSchema = z.enum(["prices", "content", "associate"]);
export type NoticeId = z.infer<typeof NoticeIdSchema>;

/** What may be done with the data of one source. Field rules are data, so that every reader obeys the same ones. */
export const LicenceSchema = z.object({
  store_seconds: z
    .number()
    .int()
    .positive()
    .nullable()
    .describe("Longest time that data may be kept after it was fetched, seconds; null: without end."),
  history: z.boolean().describe("Whether changes may be recorded, plotted and published with old and new values."),
  prices_public: z.boolean().describe("Whether prices and availability may stand on a public site."),
  ratings_public: z.boolean().describe("Whether star ratings and review counts may stand on a public site."),
  stamp: z.boolean().describe("Whether the date and time of the data must stand beside each price and availability."),
  notices: z.array(NoticeIdSchema).describe("Sentences that must stand where the data is shown."),
  text_url: z.url().nullable().describe("Where the licence is published; null: there is none to read."),
  read_on: z.iso.date().describe("Day on which it was read last."),
});
export type Licence = z.infer<typeof LicenceSchema>;
