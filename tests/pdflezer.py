"""Read our PDF documents back as a screen reader would: by their tags, and see that nothing is drawn outside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

SIER = "Artifact"
_TOONT = {"f", "f*", "F", "S", "s", "B", "B*", "b", "b*"}  # filled and stroked paths


@dataclass(frozen=True)
class Getoond:
    """One line of text on a page, or something drawn (tekst is None): to what it belongs, and where it begins."""

    blad: int
    merk: int | str | None  # the MCID, SIER, or nothing at all
    tekst: str | None
    x: float = 0.0
    y: float = 0.0
    letter: str = ""
    grootte: float = 0.0


class Gelezen:
    """A document that was read."""

    def __init__(self, inhoud: bytes) -> None:
        self.pdf = PdfReader(BytesIO(inhoud), strict=True)
        self.wortel: Any = self.pdf.trailer["/Root"]
        self.getoond = [iets for nummer in range(len(self.pdf.pages)) for iets in self._blad(nummer)]
        self._teksten: dict[tuple[int, int], list[str]] = {}
        for iets in self.getoond:
            if isinstance(iets.merk, int) and iets.tekst is not None:
                self._teksten.setdefault((iets.blad, iets.merk), []).append(iets.tekst)

    def elementen(self, soort: str = "") -> list[tuple[str, str]]:
        """Return kind and text of every element that has text, in reading order."""
        alle = ((s, t) for s, t in self._lees(self.wortel["/StructTreeRoot"]["/K"]) if t)
        return [(s, t) for s, t in alle if not soort or s == soort]

    @property
    def tekst(self) -> str:
        """Return all text that is read out, with one space where there was white space."""
        return " ".join(tekst for _, tekst in self.elementen())

    def sier(self, blad: int) -> list[str]:
        """Return the text on a page that is not read out: running head, page number, repeated table heads."""
        return [iets.tekst for iets in self.getoond if iets.blad == blad and iets.merk == SIER and iets.tekst]

    def letters(self) -> dict[str, bool]:
        """Return the fonts with whether they are embedded."""
        uit = {}
        for blad in self.pdf.pages:
            for letter in blad["/Resources"]["/Font"].values():
                beschrijving = letter.get_object().get("/FontDescriptor", {})
                uit[str(letter.get_object()["/BaseFont"])] = "/FontFile2" in beschrijving
        return uit

    def _lees(self, knoop: Any) -> Iterator[tuple[str, str]]:
        knoop = knoop.get_object()
        eigen: list[str] = []
        onder: list[tuple[str, str]] = []
        for kind in knoop["/K"]:
            los = kind.get_object()
            if isinstance(los, int):
                eigen += self._teksten[self._nummer(knoop["/Pg"]), int(los)]
            elif los.get("/Type") == "/MCR":
                eigen += self._teksten[self._nummer(los["/Pg"]), int(los["/MCID"])]
            else:
                assert los["/P"].get_object() == knoop
                onder += self._lees(los)
        yield str(knoop["/S"])[1:], re.sub(r"\s+", " ", "".join(eigen)).strip()
        yield from onder

    def _nummer(self, blad: Any) -> int:
        return next(i for i, deze in enumerate(self.pdf.pages) if deze == blad.get_object())

    def _blad(self, nummer: int) -> Iterator[Getoond]:
        blad = self.pdf.pages[nummer]
        letters = {naam: _codes(letter.get_object()) for naam, letter in blad["/Resources"]["/Font"].items()}
        merk: int | str | None = None
        x = y = grootte = 0.0
        letter = ""
        for waarden, opdracht in ContentStream(blad.get_contents(), self.pdf).operations:
            match opdracht.decode():
                case "BDC":
                    assert merk is None, "marked content inside marked content"
                    merk = int(waarden[1]["/MCID"])
                case "BMC":
                    assert merk is None
                    merk = str(waarden[0])[1:]
                case "EMC":
                    merk = None
                case "Tm":
                    x, y = float(waarden[4]), float(waarden[5])
                case "Tf":
                    letter, grootte = str(waarden[0]), float(waarden[1])
                case "Tj":
                    tekst = "".join(letters[letter][code] for code in _bytes(waarden[0]))
                    naam = str(blad["/Resources"]["/Font"][letter].get_object()["/BaseFont"]).partition("+")[2]
                    yield Getoond(nummer, merk, tekst, x, y, naam, grootte)
                    x = _na(naam, tekst, x, grootte)
                case soort if soort in _TOONT:
                    yield Getoond(nummer, merk, None)


def _na(naam: str, tekst: str, x: float, grootte: float) -> float:
    from kern.pdf.letters import breedte

    return x + breedte(tekst, naam, grootte)


def _bytes(waarde: Any) -> bytes:
    return bytes(getattr(waarde, "original_bytes", waarde))


def _codes(letter: Any) -> dict[int, str]:
    tabel = letter["/ToUnicode"].get_object().get_data().decode()
    return {
        int(code, 16): chr(int(teken, 16)) for code, teken in re.findall(r"<([0-9A-F]{2})> <([0-9A-F]{4,})>", tabel)
    }
