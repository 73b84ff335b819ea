"""Every setting, typed, read once from the environment; README lists each name."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lms.rules.retention import DEFAULTS, Category, periods

ROOT = Path(__file__).resolve().parent
SHORTEST_KEY = 32  # signs of a secret given by hand


class WrongSetting(ValueError):  # noqa: N818 -- the name that an operator reads
    """A setting is missing or wrong; the message names it and never shows its value."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one running application; `from_environment` says where each comes from."""

    ENV: str = "development"
    DATA: Path = ROOT / "instance"
    DATABASE_URL: str = ""
    SECRET_KEY: str = ""
    AUDIT_KEY: str = ""
    BASE_URL: str = "http://127.0.0.1:8000"
    TRUSTED_HOSTS: tuple[str, ...] = ()
    PROXIES: int = 0
    SMTP_URL: str = ""
    MAIL_FROM: str = ""
    COURSES: Path = ROOT / "courses"
    TIME_ZONE: ZoneInfo = ZoneInfo("Europe/Vienna")
    LANGUAGES: tuple[str, ...] = ("en",)
    RETENTION: Mapping[Category, int] = field(default_factory=lambda: DEFAULTS)  # months
    GRACE: int = 60
    SECOND_FACTOR: str = "required"  # of all but officers
    DEMO: bool = False

    @property
    def https(self) -> bool:
        return self.BASE_URL.startswith("https://")

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """The settings in `env`, each under LMS_ and its name.

        Raises WrongSetting, naming the variable, for a wrong one or, with LMS_ENV=production,
        a missing one.
        """
        return cls.read(env).checked()

    @classmethod
    def for_demo(cls, address: str, env: Mapping[str, str] = os.environ) -> "Config":
        """The settings in `env` with a database, files and keys of the demo's own, inside DATA.

        Raises WrongSetting as `from_environment` does, and always with LMS_ENV=production.
        """
        given = cls.read(env)
        return replace(
            given,
            DATA=given.DATA / "demo",
            DATABASE_URL="",
            SECRET_KEY="",
            AUDIT_KEY="",
            SMTP_URL="",  # the demo mails nobody
            RETENTION=dict.fromkeys(Category, 0),  # and its invented past is not too old
            BASE_URL=address,
            TRUSTED_HOSTS=(urlsplit(address).hostname or "", "127.0.0.1", "localhost"),
            DEMO=True,
        ).checked()

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Config":
        """The settings in `env` alone, each looked at by itself; see `from_environment`."""
        read: dict[str, Any] = {}
        for name, parse in PARSERS.items():
            text = env.get(f"LMS_{name}", "").strip()
            if not text:
                continue
            try:
                read[name] = parse(text)
            except (ValueError, OSError, KeyError):
                raise WrongSetting(f"LMS_{name} is wrong: write {EXPECTED[name]}") from None
        return cls(**read)

    def checked(self) -> "Config":
        """This configuration with what follows from it filled in; see `from_environment`."""
        if self.ENV == "production":
            if self.DEMO:
                raise WrongSetting("LMS_ENV is production: the demo does not start there")
            for name in ("SECRET_KEY", "AUDIT_KEY", "BASE_URL"):
                if getattr(self, name) == getattr(Config, name):
                    raise WrongSetting(f"LMS_{name} is missing: production needs {EXPECTED[name]}")
            if self.SECOND_FACTOR != "required":
                raise WrongSetting("LMS_SECOND_FACTOR is wrong: production needs required")
            if not self.https:
                raise WrongSetting("LMS_BASE_URL is wrong: production needs an https:// address")
        host = urlsplit(self.BASE_URL).hostname or ""
        return replace(
            self,
            TRUSTED_HOSTS=self.TRUSTED_HOSTS or (host,),
            MAIL_FROM=self.MAIL_FROM or f"no-reply@{host}",
            DATABASE_URL=self.DATABASE_URL or f"sqlite:///{self.DATA / 'lms.sqlite'}",
        )

    def with_keys(self) -> "Config":
        """This configuration with its folder made and the keys that were not given kept in it."""
        for folder in (self.DATA.parent, self.DATA) if self.DEMO else (self.DATA,):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return replace(
            self,
            SECRET_KEY=self.SECRET_KEY or kept_key(self.DATA / "secret_key"),
            AUDIT_KEY=self.AUDIT_KEY or kept_key(self.DATA / "audit_key"),
        )


def kept_key(file: Path) -> str:
    """The key in `file`, made once; of two processes that start together one makes it.

    Raises WrongSetting when what is kept is no key: an empty one would prove nothing.
    """
    if not file.exists():
        whole = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            target.write(secrets.token_hex(32))
            target.flush()
            os.fsync(target.fileno())
        with suppress(FileExistsError):
            os.link(whole, file)  # whole or not at all, and never over another's
        whole.unlink()
    key = file.read_text()
    if len(key) < SHORTEST_KEY:
        raise WrongSetting(f"the key in {file.name} is damaged: restore it from the backup")
    return key


def one_of(*words: str) -> Any:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return parse


def secret(text: str) -> str:
    if len(text) < SHORTEST_KEY or len(set(text)) < 8:
        raise ValueError("too short or too plain")
    return text


def address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(text)
    return text.rstrip("/")


def database(text: str) -> str:
    for scheme in ("postgresql://", "postgres://"):
        if text.startswith(scheme):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def mail_server(text: str) -> str:
    """smtps:// is TLS from the first byte, smtp:// begins it; without TLS on this machine alone."""
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(text)
    if parts.port is None:  # a wrong one raises ValueError
        raise ValueError(text)
    return text


def mail_address(text: str) -> str:
    name, _, host = text.partition("@")
    if not name or not host or not text.isascii() or set(text) & set(' <>,;:"\r\n'):
        raise ValueError(text)
    return text


def proxies(text: str) -> int:
    if not 0 <= int(text) <= 9:
        raise ValueError(text)
    return int(text)


def seconds(text: str) -> int:
    if not 0 <= int(text) <= 3_600:
        raise ValueError(text)
    return int(text)


PARSERS: dict[str, Any] = {
    "ENV": one_of("development", "production"),
    "DATA": lambda text: Path(text).resolve(),
    "DATABASE_URL": database,
    "SECRET_KEY": secret,
    "AUDIT_KEY": secret,
    "BASE_URL": address,
    "TRUSTED_HOSTS": words,
    "PROXIES": proxies,
    "SMTP_URL": mail_server,
    "MAIL_FROM": mail_address,
    "COURSES": lambda text: Path(text).resolve(strict=True),
    "TIME_ZONE": ZoneInfo,
    "LANGUAGES": words,
    "RETENTION": periods,
    "GRACE": seconds,
    "SECOND_FACTOR": one_of("required", "optional"),
}
EXPECTED = {
    "ENV": "development or production",
    "DATA": "the path of a folder",
    "DATABASE_URL": "sqlite:///path or postgresql://user@host/name",
    "SECRET_KEY": f"at least {SHORTEST_KEY} random signs",
    "AUDIT_KEY": f"at least {SHORTEST_KEY} random signs",
    "BASE_URL": "the address that people type, such as https://learning.example.org",
    "TRUSTED_HOSTS": "host names, parted by commas",
    "SMTP_URL": "smtp://name:password@host:587 or smtps://name:password@host:465",
    "MAIL_FROM": "an address such as no-reply@learning.example.org",
    "PROXIES": "how many proxies stand before the application, 0 to 9",
    "COURSES": "the path of a folder that is there",
    "TIME_ZONE": "a time zone such as Europe/Vienna",
    "LANGUAGES": "language tags, parted by commas, such as en,ru",
    "RETENTION": "months for each category, 0 for ever, such as answers=12,erase=24",
    "GRACE": "seconds that answers may be late at the deadline of a quiz, 0 to 3600",
    "SECOND_FACTOR": "required or optional",
}
