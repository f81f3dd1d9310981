"""Words in the order of each language."""

import pytest

from guide.languages.sorting import sort_key

ORDERED = {
    "az": "cecim Çələbi dəst dəyirman dolma Ələm xovsuz Ilıca ilmə İpək qaval şəddə",
    "tr": "cecim çeşni ılık ilmek İpek sumak şedde zurna",
    "ru": "ворс еда ёлка жгут Йод кяманча",
    "fr": "éclat École nœud Tapis",
    "en": "Flat jejim khananda Sumakh",
    "ar": "أذربيجان البالابان بساط التار",
    "zh-Hans": "地毯 卡曼恰 木卡姆 塔尔琴",
}


@pytest.mark.parametrize("lang", ORDERED)
def test_words_stand_where_readers_look_for_them(lang: str) -> None:
    words = ORDERED[lang].split()

    assert sorted(set(words), key=lambda one: sort_key(one, lang)) == words


def test_words_alike_but_for_a_mark_keep_one_order() -> None:
    assert sort_key("tar", "en") < sort_key("tár", "en")
