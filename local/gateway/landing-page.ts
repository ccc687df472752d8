/**
 * The page at `/`: says in plain words where everything is.
 * @param outputsFile shown as it is, so that a person can open it
 */
export const landingPage = (outputsFile: string): string => {
  const file = outputsFile.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Enrichline, local</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #222; }
  code { background: #f2f2f2; padding: .1em .3em; border-radius: .2em; }
  li { margin: .4rem 0; }
</style>
<h1>Enrichline runs</h1>
<p>This is the whole stack on your machine: an AWS emulator, simulated Amazon APIs and the deployed product.
Nothing here talks to Amazon.</p>
<ul>
  <li><a href="/api/v1/docs">How to use the API</a>, and its <a href="/api/v1/openapi.json">OpenAPI description</a></li>
  <li><a href="/api/v1/health">Health</a> of its parts</li>
  <li><code>npm run demo</code> in another terminal enriches a sample catalog and explains each step</li>
  <li><code>npx enrichline upload FILE</code> enriches yours</li>
  <li>Users, passwords, queues and tables are in <code>${file}</code></li>
  <li><code>npm run local:stop</code> ends it</li>
</ul>
</html>
`;
};
