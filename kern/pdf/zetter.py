"""The house style: blocks become rows, rows fall on pages, pages are drawn.

Our own setter and not reportlab's platypus: tags, reading order and page breaks are decided in one place, and no
font comes in that is not embedded.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from io import BytesIO
from itertools import pairwise
from threading import Lock
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from kern.pdf.blokken import Alinea, Bedrag, Blok, Feiten, Kop, Melding, Stuk, Tabel, Vast
from kern.pdf.letters import GEWOON, VAST, VET, breedte, breek, letter, zichtbaar
from kern.pdf.structuur import TAAL, Element, Merker

BREED, HOOG = 595.276, 841.89  # A4
LINKS, RECHTS = 62.0, 533.276
KOLOM = RECHTS - LINKS
BAND = 62.0
BOVEN, ONDER = 790.0, 74.0  # between these the text stands, from the second page on
BEGIN = HOOG - BAND - 40.0  # and where it starts on the first

INKT, ZACHT = "#14262b", "#4a5a5f"
PETROL, PETROL_DIEP, PETROL_LICHT = "#0b4650", "#083c45", "#e4f0f0"
OKER, OKER_LICHT = "#e3a02c", "#fdf2da"
LIJN, WIT = "#ddd8ca", "#ffffff"

Tekenaar = Callable[["Blad", float], None]
_slot = Lock()


@dataclass(frozen=True)
class Stijl:
    """How lines of text look."""

    letter: str = GEWOON
    grootte: float = 9.5
    regel: float = 14.0
    kleur: str = INKT


TEKST = Stijl()
KLEIN = Stijl(grootte=8.0, regel=11.5, kleur=ZACHT)
TITEL = Stijl(VET, 18.0, 23.0, PETROL_DIEP)
KOP = Stijl(VET, 12.0, 16.0, PETROL_DIEP)
NAAM = Stijl(VET, 8.5, 14.0, PETROL_DIEP)
CEL = Stijl(grootte=9.0, regel=12.5)
CELKOP = Stijl(VET, 8.5, 12.5, PETROL_DIEP)
CIJFER = Stijl(VET, 19.0, 24.0, PETROL_DIEP)
TEKENS = Stijl(VAST, 8.5, 12.5)


@dataclass(frozen=True)
class Rij:
    """Something of a fixed height that falls on one page. `teken` gets the y of its top.

    boven: white space above it, not at the top of a page; vast: stays with the row below it;
    herhaal: rows that are repeated, as decoration, when a page begins with this row.
    """

    hoogte: float
    teken: Tekenaar
    boven: float = 0.0
    vast: bool = False
    herhaal: tuple["Rij", ...] = ()


class Blad:
    """The canvas, with tags; while `sier` is set everything is decoration."""

    def __init__(self, canvas: Any, merker: Merker) -> None:
        self.canvas = canvas
        self.merker = merker
        self.sier = False
        self.koppen = 0

    def schrijf(
        self, element: Element | None, x: float, y: float, tekst: str, stijl: Stijl, *, rechts: bool = False
    ) -> None:
        """Write one line with its baseline at y; `rechts`: x is where it ends."""
        if not tekst:
            return
        self.merker.merk(None if self.sier else element)
        self.canvas.setFillColor(stijl.kleur)
        self.canvas.setFont(stijl.letter, stijl.grootte)
        if rechts:
            # The space at the end of a line does not count for where the line ends.
            x -= breedte(tekst.rstrip(), stijl.letter, stijl.grootte)
        self.canvas.drawString(x, y, tekst)

    def vlak(self, x: float, y: float, breed: float, hoog: float, kleur: str) -> None:
        """Fill a rectangle of which (x, y) is the lower left corner."""
        self.merker.merk(None)
        self.canvas.setFillColor(kleur)
        self.canvas.rect(x, y, breed, hoog, stroke=0, fill=1)


def zet(stuk: Stuk) -> bytes:
    """Return a document as PDF. The same document gives the same bytes."""
    with _slot:  # reportlab keeps the characters of a font per document, but in one table
        return _zet(_gezuiverd(stuk))


def _gezuiverd(stuk: Stuk) -> Stuk:
    # One line each, and in characters that both the regular and the bold font have.
    velden = {naam: zichtbaar(getattr(stuk, naam), VET).strip() for naam in ("titel", "afzender", "kenmerk")}
    return replace(stuk, **velden)  # type: ignore[arg-type]


def _zet(stuk: Stuk) -> bytes:
    for naam in (GEWOON, VET, VAST):
        letter(naam)
    uit = BytesIO()
    canvas = Canvas(
        uit, (BREED, HOOG), invariant=1, pageCompression=1, initialFontName=GEWOON, pdfVersion=(1, 7), lang=TAAL
    )
    _vul_gegevens_in(canvas, stuk)
    blad = Blad(canvas, Merker(canvas))
    hoofd = Hoofd(stuk, blad.merker.wortel)
    bladen = _verdeel(list(_rijen(stuk, blad.merker.wortel)), hoofd.onderkant)
    for nummer, inhoud in enumerate(bladen, start=1):
        if nummer == 1:
            hoofd.teken(blad)
        else:
            blad.merker.nieuw_blad()
            _teken_vervolg(blad, stuk)
        for rij, y, sier in inhoud:
            blad.sier = sier
            rij.teken(blad, y)
        blad.sier = False
        _teken_voet(blad, stuk, nummer, len(bladen))
    moment = stuk.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    blad.merker.sluit_af(titel=stuk.titel, afzender=stuk.afzender, moment=moment)
    canvas.save()
    return uit.getvalue()


def _vul_gegevens_in(canvas: Any, stuk: Stuk) -> None:
    canvas.setTitle(stuk.titel)
    canvas.setAuthor(stuk.afzender)
    canvas.setSubject(stuk.kenmerk)
    canvas.setCreator("Oproepenloket")
    # Neither the clock nor the environment (SOURCE_DATE_EPOCH) decides about date and number of the file.
    stempel = TimeStamp(invariant=1)
    stempel.YMDhms = stuk.moment.astimezone(UTC).timetuple()[:6]
    stempel.dhh = stempel.dmm = 0
    canvas._doc._timeStamp = stempel  # noqa: SLF001  reportlab has no other way in
    canvas._doc.signature = hashlib.md5(repr(stuk).encode(), usedforsecurity=False)  # noqa: SLF001


# ---------- rows over pages ----------


def _verdeel(rijen: list[Rij], y: float) -> list[list[tuple[Rij, float, bool]]]:
    """Return per page the rows with the y of their top, and whether they are repeated there."""
    bladen: list[list[tuple[Rij, float, bool]]] = [[]]
    for groep in _groepen(rijen):
        nodig = sum(rij.hoogte + rij.boven for rij in groep)
        if bladen[-1] and y - nodig < ONDER and nodig <= BOVEN - ONDER:
            bladen.append([])
            y = BOVEN
        for rij in groep:
            if bladen[-1] and y - rij.boven - rij.hoogte < ONDER:
                bladen.append([])
                y = BOVEN
            if not bladen[-1] and len(bladen) > 1:
                for kop in rij.herhaal:
                    bladen[-1].append((kop, y, True))
                    y -= kop.hoogte
            elif bladen[-1]:
                y -= rij.boven
            bladen[-1].append((rij, y, False))
            y -= rij.hoogte
    return bladen


def _groepen(rijen: list[Rij]) -> Iterator[list[Rij]]:
    groep: list[Rij] = []
    for rij in rijen:
        groep.append(rij)
        if not rij.vast:
            yield groep
            groep = []
    if groep:
        yield groep


def _houd_samen(rijen: list[Rij]) -> list[Rij]:
    """No line of a paragraph alone at the foot or the top of a page."""
    uit = list(rijen)
    if len(uit) > 1:
        uit[0] = replace(uit[0], vast=True)
        uit[-2] = replace(uit[-2], vast=True)
    return uit


# ---------- blocks to rows ----------


def _rijen(stuk: Stuk, wortel: Element) -> Iterator[Rij]:
    blokken = stuk.blokken
    yield from _kop(stuk.titel, TITEL, "H1", 0, wortel)
    for blok, volgend in pairwise((*blokken, None)):
        rijen = list(_van_blok(blok, wortel)) if blok is not None else []
        if isinstance(blok, Kop) and volgend is not None and rijen:
            rijen = [replace(rij, vast=True) for rij in rijen]
        yield from rijen


def _van_blok(blok: Blok, wortel: Element) -> Iterator[Rij]:
    match blok:
        case Kop():
            yield from _kop(blok.tekst, KOP, "H2", 1, wortel)
        case Alinea():
            yield from _alinea(blok, wortel)
        case Bedrag():
            yield _bedrag(blok, wortel)
        case Melding():
            yield from _melding(blok, wortel)
        case Feiten():
            yield from _feiten(blok, wortel)
        case Tabel():
            yield from _tabel(blok, wortel)
        case Vast():
            yield from _vast(blok, wortel)


def _regel(tekst: str, stijl: Stijl, element: Element, x: float = LINKS) -> Tekenaar:
    def teken(blad: Blad, y: float) -> None:
        blad.schrijf(element, x, y - _basis(stijl), tekst, stijl)

    return teken


def _basis(stijl: Stijl) -> float:
    """Return how far under the top of a line its baseline lies."""
    return (stijl.regel + stijl.grootte * 0.72) / 2


def _regels(tekst: str, stijl: Stijl, ruimte: float) -> list[str]:
    # A space at the end of a line: without it a reader glues the words on both sides of the break.
    schoon = zichtbaar(tekst, stijl.letter)
    return [f"{regel} " if spatie else regel for regel, spatie in breek(schoon, stijl.letter, stijl.grootte, ruimte)]


def _alle_regels(teksten: list[str], stijl: Stijl, ruimte: float) -> list[str]:
    """Return the lines of texts that each begin on a line of their own; never empty."""
    uit: list[str] = []
    for tekst in teksten:
        if uit:
            uit[-1] += " "
        uit += _regels(tekst, stijl, ruimte)
    return uit or [""]


def _kop(tekst: str, stijl: Stijl, soort: str, niveau: int, wortel: Element) -> Iterator[Rij]:
    element = Element(soort, wortel)
    regels = _regels(tekst, stijl, KOLOM)
    for plaats, regel in enumerate(regels):
        teken = _regel(regel, stijl, element)
        if plaats == 0:
            teken = _met_bladwijzer(teken, zichtbaar(tekst, stijl.letter), niveau)
        yield Rij(stijl.regel, teken, boven=0 if plaats else (18.0 if niveau else 0.0), vast=True)
    yield Rij(8.0 if niveau == 0 else 1.0, lambda _blad, _y: None, vast=True)


def _met_bladwijzer(teken: Tekenaar, tekst: str, niveau: int) -> Tekenaar:
    def met(blad: Blad, y: float) -> None:
        blad.koppen += 1
        sleutel = f"kop{blad.koppen}"
        blad.canvas.bookmarkPage(sleutel, fit="XYZ", left=0, top=y + 12, zoom=0)
        blad.canvas.addOutlineEntry(tekst, sleutel, niveau)
        teken(blad, y)

    return met


def _alinea(blok: Alinea, wortel: Element) -> Iterator[Rij]:
    stijl = KLEIN if blok.klein else TEKST
    for plaats, tekst in enumerate(_alineas(blok.tekst)):
        element = Element("P", wortel)
        regels = _alle_regels(tekst, stijl, KOLOM)
        rijen = [Rij(stijl.regel, _regel(regel, stijl, element)) for regel in regels]
        rijen[0] = replace(rijen[0], boven=stijl.regel * 0.5 if plaats or not blok.klein else stijl.regel * 0.7)
        yield from _houd_samen(rijen)


def _alineas(tekst: str) -> list[list[str]]:
    """Return the paragraphs of a text as lists of lines; never empty."""
    uit: list[list[str]] = [[]]
    for regel in tekst.splitlines():
        if regel.strip():
            uit[-1].append(regel)
        elif uit[-1]:
            uit.append([])
    return [alinea for alinea in uit if alinea] or [["–"]]


def _bedrag(blok: Bedrag, wortel: Element) -> Rij:
    element = Element("P", wortel)
    naam, waarde = zichtbaar(blok.naam, NAAM.letter), zichtbaar(blok.waarde, CIJFER.letter)

    def teken(blad: Blad, y: float) -> None:
        blad.vlak(LINKS, y - 58, KOLOM, 58, PETROL_LICHT)
        blad.vlak(LINKS, y - 58, 4, 58, OKER)
        blad.schrijf(element, LINKS + 18, y - 20, f"{naam}: ", NAAM)
        blad.schrijf(element, LINKS + 18, y - 45, waarde, CIJFER)

    return Rij(58.0, teken, boven=10.0)


def _melding(blok: Melding, wortel: Element) -> Iterator[Rij]:
    element = Element("P", wortel)
    regels = _alle_regels([regel for alinea in _alineas(blok.tekst) for regel in alinea], TEKST, KOLOM - 34)
    rand = 8.0
    for plaats, regel in enumerate(regels):
        eerste, laatste = plaats == 0, plaats == len(regels) - 1
        hoog = TEKST.regel + rand * (eerste + laatste)

        def teken(blad: Blad, y: float, regel: str = regel, hoog: float = hoog, af: float = rand * eerste) -> None:
            blad.vlak(LINKS, y - hoog, KOLOM, hoog + 0.2, OKER_LICHT)
            blad.vlak(LINKS, y - hoog, 4, hoog + 0.2, OKER)
            blad.schrijf(element, LINKS + 18, y - af - _basis(TEKST), regel, TEKST)

        yield Rij(hoog, teken, boven=10.0 if eerste else 0.0, vast=not laatste)


def _feiten(blok: Feiten, wortel: Element) -> Iterator[Rij]:
    tabel = Element("Table", wortel)
    grens = 150.0
    for plaats, (naam, waarde) in enumerate(blok.rijen):
        rij = Element("TR", tabel)
        cellen = [
            _Cel(Element("TH", rij, O="Table", Scope="Row"), LINKS, _regels(naam, NAAM, grens - 12), NAAM),
            _Cel(Element("TD", rij), LINKS + grens, _alle_regels(waarde.splitlines(), TEKST, KOLOM - grens), TEKST),
        ]
        yield from _tabelrij(cellen, boven=4.0 if plaats == 0 else 0.0, marge=2.5)


@dataclass(frozen=True)
class _Cel:
    element: Element
    x: float
    regels: list[str]
    stijl: Stijl
    rechts: bool = False


_MEESTE_REGELS = 30  # of one row of a table on one page


def _tabelrij(
    cellen: list[_Cel],
    *,
    boven: float = 0.0,
    marge: float = 4.0,
    vlak: str = "",
    lijn: str = LIJN,
    vast: bool = False,
    herhaal: tuple[Rij, ...] = (),
) -> Iterator[Rij]:
    """Give the rows of one table row: one, or more when a cell is longer than a page would like."""
    meeste = max(len(cel.regels) for cel in cellen)
    for van in range(0, meeste, _MEESTE_REGELS):
        tot = min(van + _MEESTE_REGELS, meeste)
        hoog = max(cel.stijl.regel for cel in cellen) * (tot - van) + 2 * marge

        def teken(blad: Blad, y: float, van: int = van, tot: int = tot, hoog: float = hoog) -> None:
            if vlak:
                blad.vlak(LINKS, y - hoog, KOLOM, hoog, vlak)
            for cel in cellen:
                for plaats, regel in enumerate(cel.regels[van:tot]):
                    lijnhoogte = y - marge - plaats * cel.stijl.regel - _basis(cel.stijl)
                    blad.schrijf(cel.element, cel.x, lijnhoogte, regel, cel.stijl, rechts=cel.rechts)
            if tot == meeste:
                blad.vlak(LINKS, y - hoog, KOLOM, 0.6, lijn)

        yield Rij(hoog, teken, boven=boven if van == 0 else 0.0, vast=vast, herhaal=herhaal)


def _tabel(blok: Tabel, wortel: Element) -> Iterator[Rij]:
    tabel = Element("Table", wortel)
    totaal = sum(kolom.breedte for kolom in blok.kolommen)
    breedtes = [KOLOM * kolom.breedte / totaal for kolom in blok.kolommen]
    koppen = tuple(kolom.kop for kolom in blok.kolommen)

    def rij(teksten: tuple[str, ...], stijl: Stijl, *, kop: bool = False) -> list[_Cel]:
        element = Element("TR", tabel)
        cellen, x = [], LINKS
        for plaats, (tekst, kolom, breed) in enumerate(zip(teksten, blok.kolommen, breedtes, strict=True)):
            th = kop or plaats == 0
            cel = Element("TH", element, O="Table", Scope="Column" if kop else "Row") if th else Element("TD", element)
            hier = replace(stijl, letter=VET) if kop else stijl
            regels = _alle_regels(tekst.splitlines(), hier, breed - 16)
            cellen.append(_Cel(cel, x + breed - 8 if kolom.getal else x + 8, regels, hier, rechts=kolom.getal))
            x += breed
        return cellen

    kop = list(_tabelrij(rij(koppen, CELKOP, kop=True), boven=8.0, vlak=PETROL_LICHT, lijn=PETROL, vast=True))
    yield from kop
    herhaal = tuple(kop)
    for plaats, teksten in enumerate(blok.rijen):
        # The last row stays with the totals: those never stand alone on a page.
        samen = blok.slot is not None and plaats == len(blok.rijen) - 1
        yield from _tabelrij(rij(teksten, CEL), herhaal=herhaal, vast=samen)
    if blok.slot is not None:
        yield from _tabelrij(rij(blok.slot, CELKOP), lijn=PETROL, herhaal=herhaal)


def _vast(blok: Vast, wortel: Element) -> Iterator[Rij]:
    naam, element = Element("P", wortel), Element("P", wortel)
    for plaats, regel in enumerate(_regels(blok.naam, NAAM, KOLOM)):
        yield Rij(NAAM.regel, _regel(regel, NAAM, naam), boven=0.0 if plaats else 7.0, vast=True)
    # No spaces at the line ends: what is copied from here has to be the same characters.
    tekens = zichtbaar(blok.tekst, VAST)
    per_regel = int((KOLOM - 24) / letter(VAST).stringWidth("0", TEKENS.grootte))
    regels = [tekens[i : i + per_regel] for i in range(0, len(tekens), per_regel)] or [""]
    for plaats, regel in enumerate(regels):
        eerste, laatste = plaats == 0, plaats == len(regels) - 1
        hoog = TEKENS.regel + 4.0 * (eerste + laatste)

        def teken(blad: Blad, y: float, regel: str = regel, hoog: float = hoog, af: float = 4.0 * eerste) -> None:
            blad.vlak(LINKS, y - hoog, KOLOM, hoog + 0.2, PETROL_LICHT)
            blad.schrijf(element, LINKS + 12, y - af - _basis(TEKENS), regel, TEKENS)

        yield Rij(hoog, teken, vast=not laatste)


# ---------- head and foot ----------


class Hoofd:
    """The letterhead of the first page: who sends it, to whom, and what it is about."""

    def __init__(self, stuk: Stuk, wortel: Element) -> None:
        self._merk = Element("P", wortel)
        self._afzender = Element("P", wortel)
        self._afzenderregels = _regels(stuk.afzender, replace(KLEIN, grootte=8.5), 220)
        links, rechts = LINKS, LINKS + 270
        self._aan = [_Cel(Element("P", wortel), links, _regels(regel, TEKST, 240), TEKST) for regel in stuk.aan]
        self._tabel: list[list[_Cel]] = []
        gegevens = (("Kenmerk", stuk.kenmerk), *stuk.gegevens)
        tabel = Element("Table", wortel)
        for naam, waarde in gegevens:
            rij = Element("TR", tabel)
            self._tabel.append(
                [
                    _Cel(Element("TH", rij, O="Table", Scope="Row"), rechts, _regels(naam, NAAM, 80), NAAM),
                    _Cel(Element("TD", rij), rechts + 88, _regels(waarde, TEKST, RECHTS - rechts - 88), TEKST),
                ]
            )
        hoog_aan = sum(len(cel.regels) for cel in self._aan) * TEKST.regel
        hoog_tabel = sum(max(len(cel.regels) for cel in rij) for rij in self._tabel) * TEKST.regel
        self.onderkant = BEGIN - max(hoog_aan, hoog_tabel) - 30

    def teken(self, blad: Blad) -> None:
        """Draw it."""
        blad.vlak(0, HOOG - BAND, BREED, BAND, PETROL)
        blad.vlak(0, HOOG - BAND - 4, BREED, 4, OKER)
        blad.schrijf(self._merk, LINKS, HOOG - BAND / 2 - 6, "Oproepenloket", Stijl(VET, 17.0, 20.0, WIT))
        y = HOOG - BAND / 2 - 3 + 5.5 * (len(self._afzenderregels) - 1)
        for regel in self._afzenderregels:
            blad.schrijf(self._afzender, RECHTS, y, regel, Stijl(GEWOON, 8.5, 11.0, WIT), rechts=True)
            y -= 11.0
        y = BEGIN
        for cel in self._aan:
            y = self._teken_cel(blad, cel, y)
        y = BEGIN
        for rij in self._tabel:
            y = min([self._teken_cel(blad, cel, y) for cel in rij])

    @staticmethod
    def _teken_cel(blad: Blad, cel: _Cel, y: float) -> float:
        for regel in cel.regels:
            blad.schrijf(cel.element, cel.x, y - _basis(cel.stijl), regel, cel.stijl)
            y -= cel.stijl.regel
        return y


def _teken_vervolg(blad: Blad, stuk: Stuk) -> None:
    blad.vlak(0, HOOG - 8, BREED, 8, PETROL)
    blad.vlak(0, HOOG - 10, BREED, 2, OKER)
    blad.schrijf(None, LINKS, HOOG - 32, _ingekort(stuk.afzender, 300), KLEIN)
    blad.schrijf(None, RECHTS, HOOG - 32, stuk.kenmerk, KLEIN, rechts=True)


def _teken_voet(blad: Blad, stuk: Stuk, nummer: int, aantal: int) -> None:
    blad.vlak(LINKS, 48, KOLOM, 0.6, LIJN)
    blad.schrijf(None, LINKS, 34, _ingekort(f"{stuk.titel} · {stuk.kenmerk}", 380), KLEIN)
    blad.schrijf(None, RECHTS, 34, f"blz. {nummer} van {aantal}", KLEIN, rechts=True)


def _ingekort(tekst: str, ruimte: float) -> str:
    schoon = zichtbaar(tekst, GEWOON)
    regels = breek(schoon, GEWOON, KLEIN.grootte, ruimte)
    return regels[0][0] if len(regels) == 1 else f"{regels[0][0]} …"
