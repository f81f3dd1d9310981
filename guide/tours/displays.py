"""Which exhibition of the guide a source means by the name that it gives, if clearly one."""

import re
from collections.abc import Iterable, Mapping

from guide.exhibits.model import Exhibition
from guide.languages.folding import fold

SHORT_FORMS: Mapping[str, tuple[str, ...]] = {
    "carpet-dance-of-loops": ("Dance of loops", "İlmələrin rəqsi", "Танец узоров"),
    "classic-cars": ("Classic Cars exhibition", "Klassik avtomobillər sərgisi"),
    "mini-azerbaijan": ("Mini-Azerbaijan exhibition", "Mini Azərbaycan sərgisi"),
    "musical-instruments": ("Music instruments: unity and diversity",),
}
"""What the press calls an exhibition, by its slug, when it does not give the whole name."""

BETWEEN_WORDS = re.compile(r"[\W_]+")


class Displays:
    """The exhibitions of the guide by all the names that they are known by."""

    def __init__(self, exhibitions: Iterable[Exhibition]) -> None:
        found: dict[str, set[Exhibition]] = {}
        for one in exhibitions:
            for name in (*one.names.values(), *SHORT_FORMS.get(one.slug, ())):
                found.setdefault(_bare(name), set()).add(one)
        self._by_name = {
            name: next(iter(ones)) for name, ones in found.items() if len(ones) == 1
        }

    def meant_by(self, told: str) -> Exhibition | None:
        """Return the exhibition that a name is of; None for anything that is not clearly one.

        Case, marks and punctuation do not count; a word more or less does.
        """
        return self._by_name.get(_bare(told))


def _bare(name: str) -> str:
    return " ".join(BETWEEN_WORDS.sub(" ", fold(name)).split())
