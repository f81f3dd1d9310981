"""Paths of our own, when somebody else says where to go next."""

import re
from urllib.parse import unquote

WHOLE_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f-\x9f\\\ud800-\udfff]*")
"""One slash, then no second one, no backslash, no control, nothing that UTF-8 cannot say."""

LONGEST_PATH = 2_000


def own_path(value: str, otherwise: str = "/") -> str:
    """Keep a path of our own; anything that could lead elsewhere becomes the other one."""
    decoded = unquote(unquote(value))
    is_path = value.startswith("/") and WHOLE_PATH.fullmatch(decoded)
    return value if is_path and len(value) <= LONGEST_PATH else otherwise
