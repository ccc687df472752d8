import { schemaAnchor } from "./anchors.ts";
import { type Html, html } from "./html.ts";
import { words } from "./words.ts";

const START = `API=http://localhost:8787/api/v1   # the address of this page without /docs
TOKEN=$(npx enrichline token)      # good for an hour

printf 'asin\\nB0EXAMPLE1\\nB0EXAMPLE2\\n' > my-products.csv
curl -X POST "$API/catalogs?name=spring" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "content-type: application/csv" --data-binary @my-products.csv`;

const PROBLEM = {
  type: "urn:enrichline:problem:invalid_request",
  title: "Bad Request",
  status: 400,
  detail: "The request breaks a rule; see errors.",
  code: "invalid_request",
  errors: [{ field: "batch_size", problem: "must be 5 to 50, or auto" }],
  correlation_id: "6f1c2e0a-9d3b-4c55-8a77-2b1f0e4d9c13",
};

const NEXT = `curl "$API/catalogs?limit=100" -H "Authorization: Bearer $TOKEN"
# {"items": [ … ], "next_cursor": "AQ5fkq0M…"}
curl "$API/catalogs?limit=100&cursor=AQ5fkq0M…" -H "Authorization: Bearer $TOKEN"`;

/** What a newcomer needs before any single operation: a token, errors, lists, repeats. */
export const startSection = (): Html => html`<h2 id="start">Start here</h2>
<p>${words("Every call carries a token, `Authorization: Bearer …`, but for those marked “no sign-in”. The command line gives one: `npx enrichline token` for the local stack; for another stage `npx enrichline login --stage dev`, then `npx enrichline token --stage dev` (with `--json` it says the address of the API too).")}</p>
<pre>${START}</pre>
<p>${words("The answer names the catalog. Ask `GET /catalogs/{id}/status` until `state` is completed, look at `GET /catalogs/{id}/products`, and take everything with you as a file by `POST /catalogs/{id}/exports`. The examples below use the same `$API` and `$TOKEN`.")}</p>
<h3 id="errors">Errors</h3>
<p>Every error but a missing token is <code>application/problem+json</code> (RFC 9457), see <a href="#${schemaAnchor("Problem")}">Problem</a>.
Programs go by <code>code</code>, people read <code>detail</code>; <code>errors</code> names fields and fixes. A 503 says in
<code>Retry-After</code> when to try again, in seconds. API Gateway answers by itself when there is no valid token (401) or
when a body is too large for it (413); such an answer has only a <code>message</code>. Every other answer has an <code>x-correlation-id</code>: quote it when
asking for help.</p>
<pre>${JSON.stringify(PROBLEM, null, 2)}</pre>
<h3 id="lists">Lists</h3>
<p>A list answers a page: <code>items</code> and <code>next_cursor</code>, which asks for the page after it and is null on
the last one. <code>limit</code> is 50 unless you say otherwise, 100 at most. A cursor fits only the list and the filters
that it came with.</p>
<pre>${NEXT}</pre>
<h3 id="repeats">Repeats</h3>
<p>Send an <code>Idempotency-Key</code> of your own, such as a UUID, with a POST. When the answer gets lost, repeat the
request with the same key: for 24 hours you get the first answer again and nothing happens twice. The same key with another
request is refused with 422.</p>
`;
