/** A body of JSON for `ApiClient.call`, and the headers that go with it. */
export const jsonBody = (value: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { "content-type": "application/json", ...headers },
  body: new TextEncoder().encode(JSON.stringify(value)),
});
