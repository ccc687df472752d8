"""Shared by the Python clients: one line a check, and an exit code that says whether all held."""

import sys

_failed = []


def check(what, holds, seen=None):
    """Prints what was checked; a false one makes the process fail."""
    print(f"ok - {what}" if holds else f"FAILED - {what}, but saw {seen!r}")
    if not holds:
        _failed.append(what)


def error_of(call):
    """The exception that a call ends with, or None."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - any error is what is asked for
        return error
    return None


def finish():
    sys.exit(1 if _failed else 0)
