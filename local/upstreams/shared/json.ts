/** A JSON object under construction; a key is present only when its resource was asked for and there is data. */
export type Json = Record<string, unknown>;

/** `wanted("images.primary.small")` says whether a resource was asked for; names are those of the Creators API. */
export type Wanted = (resource: string) => boolean;
