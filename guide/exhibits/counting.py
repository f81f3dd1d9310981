"""How long a text is for somebody who reads it standing (`visitor.md`, 1.1)."""

import re
from collections.abc import Iterator

LONGEST_HOOK = 25
LONGEST_CHUNK = 150
"""Words; a visitor looks at an exhibit for less than half a minute."""

SIGNS_FOR_A_WORD = {"zh-Hans": 1.8}
"""Where no spaces part the words: how many signs, marks among them, count as one."""


def words(text: str, tag: str) -> float:
    """Count words, or what reads like as many."""
    if tag in SIGNS_FOR_A_WORD:
        return len("".join(text.split())) / SIGNS_FOR_A_WORD[tag]
    return len(text.split())


def chunks(story: str) -> Iterator[str]:
    """Go through what stands before, between and after the headings."""
    return (one.strip() for one in re.split(r"^## .*$", story, flags=re.MULTILINE) if one)
