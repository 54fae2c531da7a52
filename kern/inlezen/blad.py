"""What a sheet that comes back means: one `Inleesblad` per kind, which turns every row into a proposal.

    @registreer
    class Kredieten(Inleesblad):
        naam, titel = "kredieten", "Kredieten"
        ...

A package puts its sheets in its own `inlezen.py`; kern/apps.py imports those. docs/inlezen.md shows a whole one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from kern.canoniek import canoniek, vingerafdruk
from kern.inlezen.lezer import Tabel
from kern.inlezen.rijen import Rij, plaats
from kern.resources import Rekenblad
from kern.weg import Sloten
from kern.weigering import Weigering

# What is applied holds its locks until the last line is done.
MEESTE_WIJZIGINGEN = 1_000


class Uitkomst(StrEnum):
    """What would become of a row."""

    GEWEIGERD = "geweigerd"
    NIEUW = "nieuw"
    GEWIJZIGD = "gewijzigd"
    ONGEWIJZIGD = "ongewijzigd"


TE_DOEN = (Uitkomst.NIEUW, Uitkomst.GEWIJZIGD)


@dataclass(frozen=True)
class Voorstel:
    """What would become of one row: outcome, what it is about, what happens or why not, and the cell that says so.

    bedrag_cent: what it moves, where rows add up; sleutel: what the row is about, so that nothing stands there twice;
    doel: what `sloten` needs of it; daad: does it, by an act, as the person given.
    """

    rij: int
    uitkomst: Uitkomst
    wat: str
    zin: str
    cel: str = ""
    bedrag_cent: int | None = None
    sleutel: Any = field(default=None, compare=False)
    doel: Any = field(default=None, compare=False)
    daad: Callable[[Any], Any] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Overzicht:
    """The preview: every row with its outcome, in the order of the file."""

    voorstellen: tuple[Voorstel, ...]

    @property
    def te_doen(self) -> list[Voorstel]:
        """Return what would be done."""
        return [v for v in self.voorstellen if v.uitkomst in TE_DOEN]

    def aantal(self, uitkomst: Uitkomst) -> int:
        """Return how many rows have this outcome."""
        return sum(v.uitkomst == uitkomst for v in self.voorstellen)

    @property
    def som_cent(self) -> int | None:
        """Return what the rows that would be done move together, None where nothing adds up."""
        bedragen = [v.bedrag_cent for v in self.te_doen if v.bedrag_cent is not None]
        return sum(bedragen) if bedragen else None

    @property
    def aantallen(self) -> dict[str, int]:
        """Return how many rows have each outcome."""
        return {uitkomst.value: self.aantal(uitkomst) for uitkomst in Uitkomst}

    @property
    def problemen_eerst(self) -> list[Voorstel]:
        """Return the rows: what is refused first, then what would change, then the rest."""
        volgorde = list(Uitkomst)
        return sorted(self.voorstellen, key=lambda v: (volgorde.index(v.uitkomst), v.rij))

    @property
    def vingerafdruk(self) -> str:
        """Return what tells this preview from another one: SHA-256 (hex) of every row as it is shown."""
        rijen = [[v.rij, v.uitkomst.value, v.wat, v.zin, v.cel] for v in self.voorstellen]
        return vingerafdruk(canoniek(rijen)).hex()

    @property
    def blokkade(self) -> Weigering | None:
        """Return why this cannot be applied, or None: all of it or nothing."""
        geweigerd, te_doen = self.aantal(Uitkomst.GEWEIGERD), len(self.te_doen)
        if geweigerd:
            wat = "Eén rij wordt" if geweigerd == 1 else f"{geweigerd} rijen worden"
            return Weigering("rij_geweigerd", f"{wat} geweigerd. Verbeter ze in uw bestand en lees het opnieuw in.")
        if not te_doen:
            return Weigering("niets_te_doen", "Dit bestand wijzigt niets: alles staat al zo in het loket.")
        if te_doen > MEESTE_WIJZIGINGEN:
            grens = f"{MEESTE_WIJZIGINGEN:,}".replace(",", ".")
            zin = f"Dit bestand wijzigt {te_doen} rijen; hoogstens {grens} kan in één keer. Splits het."
            return Weigering("te_veel_wijzigingen", zin)
        return None


class Inleesblad(ABC):
    """A kind of sheet that can be brought back.

    naam: in the register and on the command line; verplicht, gelezen: the columns that must be there, and those that
    are read when they are; andere: those of our own export that nobody reads. Every other column is refused.
    """

    naam: ClassVar[str]
    titel: ClassVar[str]
    uitleg: ClassVar[str]
    verplicht: ClassVar[tuple[str, ...]]
    gelezen: ClassVar[tuple[str, ...]] = ()
    andere: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def mag(self, gebruiker: Any) -> bool:
        """Return whether there is anything that this person may bring back with it; each row is asked again."""

    @abstractmethod
    def beoordelaar(self, rijen: Sequence[Rij], door: Any) -> Callable[[Rij], Voorstel]:
        """Return the function that judges one row, after reading at once what all rows need.

        It raises Weigering for a row that cannot be taken.
        """

    @abstractmethod
    def sloten(self, voorstellen: Iterable[Voorstel]) -> Sloten:
        """Return every row that the acts behind these proposals lock (but chains)."""

    def eis_kolommen(self, tabel: Tabel) -> None:
        """Raise Weigering (veld 'bestand'): kolom_onbekend, kolom_ontbreekt."""
        bekend = {kop.casefold() for kop in (*self.verplicht, *self.gelezen, *self.andere)}
        for kolom, kop in tabel.koppen.items():
            if kop.casefold() not in bekend:
                zin = (
                    f"Cel {plaats(tabel.kopregel, kolom)}: de kolom '{kop[:40]}' is niet bekend. Verwijder ze, of neem"
                )
                raise Weigering("kolom_onbekend", f"{zin} de kop over uit het rekenblad van het loket.", "bestand")
        tabel.eis_koppen(self.verplicht)

    def overzicht(self, tabel: Tabel, *, door: Any) -> Overzicht:
        """Return the preview of a file; nothing is changed. Raises as `eis_kolommen`."""
        self.eis_kolommen(tabel)
        rijen = list(tabel.rijen)
        if rijen and rijen[-1].is_totaal():
            rijen.pop()
        beoordeel = self.beoordelaar(rijen, door)
        gezien: dict[Any, int] = {}
        return Overzicht(tuple(self._een(rij, beoordeel, gezien) for rij in rijen))

    def _een(self, rij: Rij, beoordeel: Callable[[Rij], Voorstel], gezien: dict[Any, int]) -> Voorstel:
        try:
            voorstel = beoordeel(rij)
        except Weigering as fout:
            return Voorstel(rij.nummer, Uitkomst.GEWEIGERD, self.noem(rij), fout.zin, getattr(fout, "cel", ""))
        eerder = gezien.setdefault(voorstel.sleutel, rij.nummer)
        if eerder != rij.nummer:
            zin = f"Dit staat ook op rij {eerder}. Laat één van beide staan."
            return Voorstel(rij.nummer, Uitkomst.GEWEIGERD, voorstel.wat, zin)
        return voorstel

    def noem(self, rij: Rij) -> str:
        """Return what a row is about, by what stands in its first columns, right or wrong."""
        delen = (rij.cellen[kop].waarde for kop in list(rij.cellen)[:2])
        return ", ".join(str(deel)[:40] for deel in delen)


def koppen(resource: type[Rekenblad]) -> tuple[str, ...]:
    """Return the headings of one of our own sheets."""
    return tuple(kolom.column_name for kolom in resource().kolommen())


B = TypeVar("B", bound=type[Inleesblad])
BLADEN: dict[str, Inleesblad] = {}


def registreer(soort: B) -> B:
    """Make a kind of sheet known under its name."""
    BLADEN[soort.naam] = soort()
    return soort
