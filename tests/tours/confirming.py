"""Somebody in a process of their own who confirms the tours that they are told to.

    python -m tests.tours.confirming DATABASE FOLDER

The first line is the token of their session; each further one the number of a tour in its first
version. Each is answered with the status and whether the page says what stands against it.
"""

import sys
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from guide.accounts.tokens import form_token, hashed
from guide.app import create_app
from guide.db import Database
from tests.conftest import client_of, settings_for

SAID = ("leads another tour", "interprets elsewhere", "Another delegation in the same place")


def main() -> None:
    url, folder = sys.argv[1:]
    database = Database.open(url)
    app: FastAPI = create_app(settings_for("sqlite://", Path(folder)), database)
    token = sys.stdin.readline().strip()
    client: TestClient = client_of(app)
    client.cookies.set("staff", token)
    form = {"csrf": form_token(app.state.secret, hashed(token), "salt"), "version": "1"}
    say("ready")
    for line in sys.stdin:
        answer = client.post(f"/staff/tours/{line.strip()}/confirmation", data=form)
        say(f"{answer.status_code} {any(one in answer.text for one in SAID)}")
    database.close()


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
