"""The fonts, and what text becomes so that every character of it is seen."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MAP = Path(__file__).resolve().parent.parent / "lettertypes"
GEWOON, VET, VAST = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"
_KEUZETEKENS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # which form of the character before: text or emoji
_HOOGSTE = 0xFFFF  # reportlab writes no right code for what lies above it, so a reader could not copy it


@cache
def letter(naam: str) -> Any:
    """Return a font, read and registered once in a process."""
    gelezen = TTFont(naam, MAP / f"{naam}.ttf", asciiReadable=True, shapable=False)
    pdfmetrics.registerFont(gelezen)
    return gelezen


@cache
def _heeft(naam: str) -> frozenset[int]:
    return frozenset(code for code in letter(naam).face.charToGlyph if code <= _HOOGSTE)


def zichtbaar(tekst: str, naam: str) -> str:
    """Return one line of text in characters that the font has.

    A character that it does not have becomes its plain form where Unicode knows one, or its number: [U+1F600].
    What has no shape of its own (joiners, direction marks, soft hyphens) is left out; other white space is a space.
    """
    tekst = unicodedata.normalize("NFC", tekst)
    heeft = _heeft(naam)
    if tekst.isascii() and tekst.isprintable():
        return tekst
    return "".join(teken if _gewoon(teken, heeft) else _vervang(teken, heeft) for teken in tekst)


def _gewoon(teken: str, heeft: frozenset[int]) -> bool:
    if teken in " \u00a0":
        return True
    return ord(teken) in heeft and unicodedata.category(teken)[0] not in "CZ" and teken not in _KEUZETEKENS


def _vervang(teken: str, heeft: frozenset[int]) -> str:
    soort = unicodedata.category(teken)
    if teken == "\u202f":
        return "\u00a0"
    if soort[0] == "Z" or teken in "\t\n\r\v\f\x85":
        return " "
    if soort in {"Cf", "Cc"} or teken in _KEUZETEKENS:
        return ""
    eenvoudig = unicodedata.normalize("NFKC", teken)
    if eenvoudig != teken and all(_gewoon(deel, heeft) for deel in eenvoudig):
        return eenvoudig
    return f"[U+{ord(teken):04X}]"


def breedte(tekst: str, naam: str, grootte: float) -> float:
    """Return how wide a line is, in points."""
    gemeten: float = letter(naam).stringWidth(tekst, grootte)
    return gemeten


def breek(tekst: str, naam: str, grootte: float, ruimte: float) -> list[tuple[str, bool]]:
    """Return the lines of a paragraph, each with whether it was broken at a space.

    A word that does not fit on a line is broken wherever the line is full.
    """
    regels: list[tuple[str, bool]] = []
    regel, lengte, spatie = "", 0.0, breedte(" ", naam, grootte)
    for woord in tekst.split(" "):
        if not woord:
            continue
        deel, lang = woord, breedte(woord, naam, grootte)
        if regel and lengte + spatie + lang <= ruimte:
            regel, lengte = f"{regel} {deel}", lengte + spatie + lang
            continue
        if regel:
            regels.append((regel, True))
        while lang > ruimte:
            past = _past(deel, naam, grootte, ruimte)
            regels.append((deel[:past], False))
            deel = deel[past:]
            lang = breedte(deel, naam, grootte)
        regel, lengte = deel, lang
    regels.append((regel, False))
    return regels


def _past(woord: str, naam: str, grootte: float, ruimte: float) -> int:
    lengte = 0.0
    for plaats, teken in enumerate(woord):
        lengte += breedte(teken, naam, grootte)
        if lengte > ruimte:
            return max(plaats, 1)
    return len(woord)
