const isClosedConnection = (error: unknown): boolean => {
  const { cause } = error instanceof Error ? error : {};
  return cause instanceof Error && "code" in cause && cause.code === "UND_ERR_SOCKET";
};

/**
 * Fetches, a second time where the kept connection was closed before an answer, as browsers and curl do. Only for requests
 * that may come twice.
 */
export const fetchAgain = (url: string, request: RequestInit): Promise<Response> =>
  fetch(url, request).catch((error: unknown) => {
    if (!isClosedConnection(error)) throw error;
    return fetch(url, request);
  });
