"""Reading Accept-Language as phones send it: q-values, odd cases, and rubbish."""

import re
from collections.abc import Iterator

LONGEST_HEADER = 1_000
"""Characters that are read; a header made by a person's choices is shorter than this."""

RANGE = re.compile(
    r"\s*(?P<tag>[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)"
    r"\s*(?:;\s*[qQ]\s*=\s*(?P<q>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def preferences(header: str) -> list[str]:
    """List the tags that a header asks for, best first, in lower case.

    Follows RFC 9110, 12.5.4: equal weights keep their order, q=0 means "not this one", and
    a part that cannot be read is passed over. A header that is too long is cut at a comma.
    """
    if len(header) > LONGEST_HEADER:
        header = header[:LONGEST_HEADER].rpartition(",")[0]
    read = (RANGE.fullmatch(part) for part in header.split(","))
    weighted = [(match["tag"].casefold(), float(match["q"] or 1)) for match in read if match]
    refused = {tag for tag, weight in weighted if weight == 0}
    kept = [(tag, weight) for tag, weight in weighted if tag not in refused]
    return [tag for tag, _ in sorted(kept, key=lambda pair: -pair[1])]


def truncations(tag: str) -> Iterator[str]:
    """Yield a tag and its ever shorter forms: zh-hant-tw, zh-hant, zh (RFC 4647, 3.4)."""
    parts = tag.casefold().split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
