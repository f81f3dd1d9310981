"""Which column says what: suggested by its name in three languages, settled by a person."""

import re
from collections.abc import Iterable, Mapping, Sequence

from guide.curation.exports import RECORD_COLUMNS, SOURCE_COLUMN, TEXT_COLUMNS
from guide.languages.folding import fold

KEY, LANGUAGE = "exhibit", "language"
NOTHING = ""
"""What a column says that is not imported."""

ALIASES: Mapping[str, Sequence[str]] = {
    "exhibit": ("exhibit", "slug", "id", "eksponat", "экспонат"),
    "language": ("language", "lang", "dil", "язык"),
    "exhibition": ("exhibition", "room", "sərgi", "выставка"),
    "position": ("position", "order", "number", "no", "sıra", "nömrə", "порядок", "номер"),
    "category": ("category", "kateqoriya", "категория"),
    "presence": ("presence", "on show", "nümayiş", "показ"),
    "minutes": ("minutes", "min", "dəqiqə", "минуты"),
    "name": ("name", "title", "ad", "adı", "başlıq", "название", "имя"),
    "hook": ("hook", "first sentence", "ilk cümlə", "первая фраза"),
    "look_for": ("look for", "diqqət edin", "обратите внимание"),
    "story": ("story", "text", "hekayə", "mətn", "рассказ", "текст"),
}


def choices(languages: Iterable[str]) -> tuple[str, ...]:
    """List everything that a column may say, as forms write it: `hook fr`, `minutes`."""
    texts = [f"{field} {tag}" for tag in languages for field in TEXT_COLUMNS]
    beside = [f"{SOURCE_COLUMN} {field}" for field in TEXT_COLUMNS]
    return (NOTHING, KEY, LANGUAGE, *RECORD_COLUMNS, *TEXT_COLUMNS, *texts, *beside)


def suggested(head: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """Suggest what each column says; what was suggested for one is not for another."""
    found: list[str] = []
    for name in head:
        word = _meant(name, languages)
        found.append(NOTHING if word in found else word)
    return tuple(found)


def fault_in(mapping: Sequence[str]) -> str:
    """Return a word for what is wrong with a mapping, or nothing."""
    used = [word for word in mapping if word]
    if KEY not in used:
        return "no-key"
    if len(set(used)) != len(used):
        return "twice"
    if LANGUAGE not in used and not set(TEXT_COLUMNS).isdisjoint(used):
        return "no-language"
    is_told = any(
        word not in {KEY, LANGUAGE} and not word.startswith(f"{SOURCE_COLUMN} ")
        for word in used
    )
    return "" if is_told else "nothing"


def _meant(name: str, languages: Sequence[str]) -> str:
    if field := _field(name):
        return field
    said = re.split(r"[_ (\[/]+", name.strip().rstrip(")]"))
    if said[0].casefold() == SOURCE_COLUMN:
        field = _field(" ".join(said[1:]))
        return f"{SOURCE_COLUMN} {field}" if field in TEXT_COLUMNS else NOTHING
    tags = {tag.casefold(): tag for tag in languages}
    tag, field = tags.get(said[-1].casefold()), _field(" ".join(said[:-1]))
    return f"{field} {tag}" if tag and field in TEXT_COLUMNS else NOTHING


def _field(name: str) -> str:
    meant = fold(name.replace("_", " ").strip())
    return next(
        (field for field, names in ALIASES.items() if meant in [fold(one) for one in names]),
        NOTHING,
    )
