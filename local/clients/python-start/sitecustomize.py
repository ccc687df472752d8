"""Loaded by Python itself before a third-party client: names listed in REDIRECT_HOSTS resolve to a loopback port.

Host header, TLS server name and certificate check stay the client's own; nothing of the client is changed.
"""

import os
import socket

_routes = dict(pair.split("=") for pair in os.environ.get("REDIRECT_HOSTS", "").split(",") if pair)
_resolve = socket.getaddrinfo


def _redirected(host, port, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if name in _routes:
        return _resolve("127.0.0.1", int(_routes[name]), *args, **kwargs)
    return _resolve(host, port, *args, **kwargs)


socket.getaddrinfo = _redirected
