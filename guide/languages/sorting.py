"""Words in the order in which readers of a language look for them.

Letters have their places in the alphabets that put some of their own between those of
others: `ç` after `c`, `ə` after `e`. Elsewhere marks do not count. Chinese stands in the order
of its national character set, whose first three thousand characters go by pinyin.
"""

from guide.languages.folding import fold

ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}
SAME = str.maketrans({"ё": "е"})
ARTICLES = {"ar": "ال"}
"""What stands before a word and does not count."""
BY_CHARACTER_SET = {"zh-Hans": "gb18030"}

Key = tuple[tuple[int, ...], str]


def sort_key(words: str, language: str) -> Key:
    """Return what words are compared by; those alike are told apart by their own signs."""
    if language in BY_CHARACTER_SET:
        return tuple(words.encode(BY_CHARACTER_SET[language], "replace")), words
    alphabet = ALPHABETS.get(language)
    if alphabet is None:
        told = fold(words).removeprefix(ARTICLES.get(language, ""))
        return tuple(map(ord, told)), words
    return tuple(_place(letter, alphabet) for letter in _small(words, language)), words


def _small(words: str, language: str) -> str:
    """Write words in small letters: `I` is that of `ı` in Azerbaijani and Turkish."""
    if language in {"az", "tr"}:
        words = words.replace("I", "ı").replace("İ", "i")
    return words.casefold().translate(SAME)


def _place(letter: str, alphabet: str) -> int:
    """Return the place of a letter; spaces and hyphens stand before, other letters after."""
    if letter in " -–’'":
        return 0
    place = alphabet.find(letter)
    return place + 1 if place >= 0 else len(alphabet) + ord(letter)
