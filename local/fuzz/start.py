"""Runs schemathesis with a parser that its workers use one after the other.

Python before 3.11.8 and 3.12.1 counts the depth of all threads' syntax trees together
(https://github.com/python/cpython/issues/106905). Two workers that parse at once fail now and then with "AST constructor
recursion depth mismatch", which ends the run with an internal error.
"""

import ast
import sys
import threading

_lock = threading.Lock()
_parse = ast.parse


def _parse_alone(*args, **kwargs):
    with _lock:
        return _parse(*args, **kwargs)


ast.parse = _parse_alone

# Its own command names the folder that it was built in, which is not the one that it is in.
from schemathesis.cli import schemathesis  # noqa: E402

sys.exit(schemathesis())
