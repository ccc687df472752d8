/** What a foreign text says as JSON; undefined when it is none: the caller that knows the wanted shape then refuses it. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
