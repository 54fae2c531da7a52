"""What a document is made of: plain values, without a word about how they look."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Kop:
    """A heading under the title."""

    tekst: str


@dataclass(frozen=True)
class Alinea:
    """Text; empty lines divide it in paragraphs, other line ends are kept."""

    tekst: str
    klein: bool = False


@dataclass(frozen=True)
class Bedrag:
    """The one figure that the reader looks for."""

    naam: str
    waarde: str


@dataclass(frozen=True)
class Melding:
    """A remark in a box that nobody should miss."""

    tekst: str


@dataclass(frozen=True)
class Feiten:
    """Names with their values, in two columns."""

    rijen: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kolom:
    """A column of a table: its head, its share of the width, and whether it holds numbers."""

    kop: str
    breedte: float
    getal: bool = False


@dataclass(frozen=True)
class Tabel:
    """A table; the first cell of a row is its head. `slot` is the row with totals."""

    kolommen: tuple[Kolom, ...]
    rijen: tuple[tuple[str, ...], ...]
    slot: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Vast:
    """Characters that have to be copied or compared exactly: a hash, a line for a computer."""

    naam: str
    tekst: str


Blok = Kop | Alinea | Bedrag | Melding | Feiten | Tabel | Vast


@dataclass(frozen=True)
class Stuk:
    """A document.

    moment: when what it tells became a fact; it stands in the file as its date, so the clock never does.
    kenmerk: what one writes in an answer; stands on every page. aan: the lines of the address.
    """

    titel: str
    afzender: str
    kenmerk: str
    moment: datetime
    blokken: tuple[Blok, ...]
    aan: tuple[str, ...] = ()
    gegevens: tuple[tuple[str, str], ...] = field(default=())
