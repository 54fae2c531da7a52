"""The one parser for environment variables; settings.py is its only reader."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

WAAR = {"1", "ja", "true", "waar", "aan"}
ONWAAR = {"0", "nee", "false", "onwaar", "uit", ""}


class OngeldigeOmgeving(Exception):
    """A variable is set to something that cannot be read; the message names it."""


def tekst(naam: str, standaard: str = "") -> str:
    """Return variable `naam`, or `standaard` where it is not set."""
    return os.environ.get(naam, standaard)


def vlag(naam: str, *, standaard: bool) -> bool:
    """Return variable `naam` as a boolean (1/0, ja/nee, true/false)."""
    ruw = os.environ.get(naam)
    if ruw is None:
        return standaard
    if ruw.lower() in WAAR:
        return True
    if ruw.lower() in ONWAAR:
        return False
    raise OngeldigeOmgeving(f"{naam}={ruw!r}: geef ja of nee.")


def geheel(naam: str, standaard: int) -> int:
    """Return variable `naam` as a whole number."""
    ruw = os.environ.get(naam)
    if ruw is None:
        return standaard
    try:
        return int(ruw)
    except ValueError:
        raise OngeldigeOmgeving(f"{naam}={ruw!r}: geef een geheel getal.") from None


def lijst(naam: str, standaard: list[str]) -> list[str]:
    """Return a comma-separated variable as a list without empty items."""
    ruw = os.environ.get(naam)
    return standaard if ruw is None else [deel.strip() for deel in ruw.split(",") if deel.strip()]


def sleutel(pad: Path) -> str:
    """Return the secret key in file `pad`; the first call makes it, readable by this user only."""
    if not pad.exists():
        pad.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as bestand:
                bestand.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process was first
    return pad.read_text()


def databank(naam: str, standaard: str) -> dict[str, Any]:
    """Return Django's settings for the database URL in variable `naam`.

    Reads `sqlite:////absolute/path` (or three slashes for a relative one) and
    `postgres://user:password@host:port/name`; `?host=/folder` names a folder with a unix socket.
    """
    url = urlsplit(tekst(naam, standaard))
    if url.scheme == "sqlite":
        return _sqlite(Path(unquote(url.path[1:])))
    if url.scheme in {"postgres", "postgresql"}:
        extra = {sleutel: waarden[0] for sleutel, waarden in parse_qs(url.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": extra.pop("host", url.hostname or ""),
            "PORT": str(url.port or extra.pop("port", "")),
            "OPTIONS": {"pool": {"min_size": 2, "max_size": geheel("DATABASE_POOL", 8)}, **extra},
        }
    raise OngeldigeOmgeving(f"{naam}: begin met sqlite:/// of postgres://.")


def _sqlite(pad: Path) -> dict[str, Any]:
    # IMMEDIATE: a transaction that first reads and then writes would otherwise fail with "database is locked".
    # recursive_triggers: without it INSERT OR REPLACE deletes a row past the delete trigger.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": pad,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
        "TEST": {"NAME": pad.with_name(f"test_{pad.name}")},
    }
