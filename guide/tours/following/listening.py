"""Hearing from PostgreSQL that another process has taken down a move."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import psycopg
from sqlalchemy import Engine

from guide.db import Database
from guide.tours.walking.record import CHANNEL

SECONDS_BETWEEN_TRIES = 2.0
SECONDS_TO_CONNECT = 5


async def keep_listening(database: Database, wake: Callable[[], None]) -> None:
    """Listen on a connection of its own until cancelled, and connect again when it is lost.

    While it is away, moves are seen as soon as the hub next looks by itself.
    """
    engine = database.reader
    if not isinstance(engine, Engine) or engine.dialect.name != "postgresql":
        return
    _, how = engine.dialect.create_connect_args(engine.url)
    how = {"connect_timeout": SECONDS_TO_CONNECT, **how, "autocommit": True}
    while True:
        with suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(**how) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wake()  # what was told before is not heard
                async for _ in connection.notifies():
                    wake()
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)
