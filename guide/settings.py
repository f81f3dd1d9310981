"""Every setting of the guide; the only reader of the environment."""

import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PACKAGE = Path(__file__).parent
PACKED = PACKAGE / "_files"
FILES = PACKED if PACKED.is_dir() else PACKAGE.parent

PUBLIC_URL = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
DATABASES = ("sqlite://", "postgresql+psycopg://")
OTHERS_MAY_READ = 0o077

Listed = Annotated[tuple[str, ...], NoDecode]


class SettingsError(Exception):
    """A setting, or the data folder, cannot be used; the message says which and why."""


class Settings(BaseSettings):
    """What the environment says, read once. Every name carries the prefix GUIDE_."""

    model_config = SettingsConfigDict(env_prefix="GUIDE_", frozen=True, extra="ignore")

    public_url: str | None = None
    data_dir: Path = Path("data")
    database_url: str | None = None
    media_url: str | None = None
    secret_key: str | None = None
    allowed_hosts: Listed = ()
    trusted_proxies: Listed = ()
    default_language: str = "az"
    timezone: str = "Asia/Baku"
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = 180
    translation_url: str | None = None
    serving_url: str = "http://127.0.0.1:8000"

    templates: Path = FILES / "templates"
    static: Path = FILES / "static"
    exhibitions: Path = FILES / "exhibitions"

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment; raise SettingsError with one plain sentence per fault."""
        try:
            return cls()
        except ValidationError as bad:
            told = (
                f"GUIDE_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
                for e in bad.errors()
            )
            raise SettingsError(". ".join(told)) from None

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url_is_bare(cls, value: str | None) -> str | None:
        """Hold the address to what `labels.md` Q1 lets a printed code carry."""
        if value is None or value == "":
            return None
        if not PUBLIC_URL.fullmatch(value.rstrip("/")):
            raise ValueError("it must look like https://g.example.az, in lower case, no path")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_is_one_of_two(cls, value: str | None) -> str | None:
        if value and not value.startswith(DATABASES):
            raise ValueError(f"it must begin with {' or '.join(DATABASES)}")
        return value or None

    @field_validator("media_url")
    @classmethod
    def _media_are_in_a_bucket(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"s3://[a-z0-9.-]{3,63}(/[\w./-]*)?", value):
            raise ValueError("it must look like s3://bucket/prefix, or not be set")
        return value or None

    @field_validator("translation_url")
    @classmethod
    def _translation_is_asked_over_http(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value or None

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("there is no such time zone; an example is Asia/Baku") from None
        return value

    @property
    def database(self) -> str:
        """The database address: the one that was set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'guide.sqlite3'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an embedded database, None on PostgreSQL or in memory."""
        parts = urlsplit(self.database)
        is_file = parts.scheme.startswith("sqlite") and parts.path[1:]
        return Path(parts.path[1:]) if is_file else None

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that this guide answers to, without ports."""
        own = {"localhost", "127.0.0.1", *self.allowed_hosts}
        if self.public_url:
            own.add(urlsplit(self.public_url).netloc)
        return frozenset(own)

    def prepare_data_dir(self) -> None:
        """Make the data folder; refuse one that cannot be written or that others can read."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as refused:
            told = f"the data folder {self.data_dir} cannot be made: {refused.strerror}"
            raise SettingsError(told) from None
        if not os.access(self.data_dir, os.W_OK):
            raise SettingsError(f"the data folder {self.data_dir} cannot be written")
        for kept in (self.sqlite_file, self.data_dir / "secret"):
            if kept and kept.exists() and kept.stat().st_mode & OTHERS_MAY_READ:
                raise SettingsError(f"{kept} can be read by others; run: chmod 600 {kept}")
        if self.sqlite_file and not self.sqlite_file.exists():
            self.sqlite_file.touch(mode=0o600)

    def secret(self) -> str:
        """Return the key that signs cookies and links; make it at the first start."""
        if self.secret_key:
            return self.secret_key
        kept = self.data_dir / "secret"
        try:
            handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return kept.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return kept.read_text().strip()
