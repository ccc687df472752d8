/** No id is longer; the token of a feed, which is part of its address, is. */
const LONGEST_ID = 40;
/** So much of a longer part is logged: of a token its public id. */
const SHOWN = 20;

/**
 * A path as it may stand in logs. Each part that could hold a secret is cut, whatever route it was sent to and however it is
 * written, because a token with a letter too many, or at an address that there is not, is still somebody's token.
 */
export const loggedPath = (path: string): string =>
  path
    .split("/")
    .map((part) => (part.length > LONGEST_ID ? `${part.slice(0, SHOWN)}…` : part))
    .join("/");
