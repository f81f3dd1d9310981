"""A visitor says that something is wrong."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from guide.db import Database
from guide.exhibits.problems import MOST_IN_A_DAY, Problem

FORM = "/fr/exhibits/tar/problem"


def reports(museum: Database) -> list[tuple[str, str]]:
    with museum.reading() as db:
        return [
            (tag, words) for tag, words in db.execute(select(Problem.language, Problem.words))
        ]


def test_a_report_is_taken_in_the_language_of_the_page(
    guide: TestClient, museum: Database
) -> None:
    answer = guide.post(FORM, data={"words": "L’étiquette est trop basse."})

    assert "Merci" in guide.get(answer.headers["location"]).text
    assert reports(museum) == [("fr", "L’étiquette est trop basse.")]


@pytest.mark.parametrize("words", ["", "  ", "\u200b", "a" * 501, "a\x00b"])
def test_a_report_that_says_nothing_comes_back(
    guide: TestClient, museum: Database, words: str
) -> None:
    answer = guide.post(FORM, data={"words": words})

    assert answer.status_code == 422
    assert "<textarea" in answer.text
    assert reports(museum) == []


def test_a_form_of_another_site_is_refused(guide: TestClient, museum: Database) -> None:
    answer = guide.post(
        FORM, data={"words": "Buy carpets!"}, headers={"origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert reports(museum) == []


def test_nobody_buries_the_desk(guide: TestClient, museum: Database) -> None:
    for number in range(MOST_IN_A_DAY):
        guide.post(FORM, data={"words": f"Report {number}"}, follow_redirects=False)

    answer = guide.post(FORM, data={"words": "One more"})

    assert answer.status_code == 429
    assert "One more" in answer.text
    assert len(reports(museum)) == MOST_IN_A_DAY


def test_there_is_nothing_to_report_of_what_is_not_shown(guide: TestClient) -> None:
    assert guide.get("/fr/exhibits/nothing/problem").status_code == 404
    assert guide.post("/fr/exhibits/nothing/problem", data={"words": "x"}).status_code == 404
