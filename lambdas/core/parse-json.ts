/** What a foreign text says as JSON; undefined when it is none, which whoever knows the wanted shape then refuses. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
