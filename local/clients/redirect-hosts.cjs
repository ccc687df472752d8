// Preloaded into a third-party client's process: connections to the named hosts go to a loopback port instead.
// Host header, TLS server name and certificate check stay the client's own; nothing of the client is changed.
const net = require("node:net");

/** `host=port,host=port`; a host beginning with `*.` covers all below it. */
const routes = (process.env.REDIRECT_HOSTS ?? "")
  .split(",")
  .filter(Boolean)
  .map((pair) => pair.split("="));
const portFor = (host) =>
  routes.find(([name]) => name === host || (name.startsWith("*") && host.endsWith(name.slice(1))))?.[1];

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function redirected(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options && typeof options === "object" && typeof options.host === "string") {
    const port = portFor(options.host);
    if (port) {
      options.host = "127.0.0.1";
      options.port = Number(port);
    }
  }
  return connect.apply(this, args);
};
