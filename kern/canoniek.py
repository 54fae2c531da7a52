"""Canonical form and hashes: the bytes that evidence is made of.

UTF-8, NFC, keys sorted by code point, no spaces; whole numbers, text, booleans, null, lists and objects
with text keys. No floats: money is whole cents, a moment is a UTC string with microseconds.
"""

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime


class NietCanoniek(ValueError):
    """A value has no canonical form (float, NUL, lone surrogate, naive moment, other type)."""


def moment_tekst(moment: datetime) -> str:
    """Return an aware moment as `2021-11-08T08:00:00.000000Z`."""
    if moment.tzinfo is None:
        raise NietCanoniek("moment zonder tijdzone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canoniek(waarde: object) -> bytes:
    """Return the canonical bytes of `waarde`; NietCanoniek when it has none."""
    return json.dumps(
        _zuiver(waarde), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def vingerafdruk(*delen: bytes) -> bytes:
    """Return the SHA-256 (32 bytes) of the parts one after another."""
    som = hashlib.sha256()
    for deel in delen:
        som.update(deel)
    return som.digest()


def blad(ontvangst: bytes) -> bytes:
    """Return the leaf hash of a canonical receipt in the tree of a round (RFC 6962, section 2.1: 0x00)."""
    return vingerafdruk(b"\x00", ontvangst)


def tekst_fout(tekst: str) -> str | None:
    """Return why `tekst` cannot be recorded (NUL, lone surrogate), as a Dutch sentence, or None."""
    if "\x00" in tekst or any("\ud800" <= teken <= "\udfff" for teken in tekst):
        return "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."
    return None


def _zuiver(waarde: object) -> object:
    match waarde:
        case None | bool() | int():
            return waarde
        case str():
            if tekst_fout(waarde):
                raise NietCanoniek("NUL of losse surrogaat in tekst")
            return unicodedata.normalize("NFC", waarde)
        case datetime():
            return moment_tekst(waarde)
        case date():
            return waarde.isoformat()
        case list() | tuple():
            return [_zuiver(deel) for deel in waarde]
        case dict():
            return _zuiver_object(waarde)
    raise NietCanoniek(f"type {type(waarde).__name__}")


def _zuiver_object(waarde: dict[object, object]) -> dict[str, object]:
    uit: dict[str, object] = {}
    for sleutel, deel in waarde.items():
        if not isinstance(sleutel, str):
            raise NietCanoniek("sleutel die geen tekst is")
        zuiver = str(_zuiver(sleutel))
        if zuiver in uit:
            raise NietCanoniek("twee sleutels met dezelfde NFC-vorm")
        uit[zuiver] = _zuiver(deel)
    return uit
