"""Two versions of a text, word by word; of Chinese, sign by sign."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|[\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they are in both versions ("same"), "gone" or "new"."""

    kind: str
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """Return the words of both in one reading order, what is gone before what is new."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    for _, start, end, from_, to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if old[start:end] == new[from_:to]:
            pieces.append(Piece("same", "".join(new[from_:to])))
            continue
        if end > start:
            pieces.append(Piece("gone", "".join(old[start:end])))
        if to > from_:
            pieces.append(Piece("new", "".join(new[from_:to])))
    return tuple(pieces)
