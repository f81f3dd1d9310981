"""Logs as JSON lines on standard error: one event each, no person in any."""

import logging
import sys
from contextlib import suppress
from io import StringIO

import structlog


class Unfailing(StringIO):
    """Standard error; where it cannot be written (a full disk), a line is lost, and no work."""

    def write(self, text: str, /) -> int:
        """Write, if that is possible."""
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if that is possible."""
        with suppress(OSError):
            sys.stderr.flush()


def configure() -> None:
    """Write structured logs; called once by the process that serves."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(Unfailing()),
        cache_logger_on_first_use=True,
    )
