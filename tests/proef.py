"""Helpers for tests of the mechanisms: acts for one test, the ledger, a second call, real races."""

import copy
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.grootboek import Boeking
from betalingen.models import AANTALLEN, Begrotingsjaar, Krediet
from kern import sloten, weg
from kern.weigering import Weigering
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Luik, Oproep, Ronde
from organisaties.models import Gebruiker
from tests import bouw

ARTIKEL = "WELZIJN-EENZAAMHEID"
# Seconds; only a fault takes as long, however busy the machine is.
WACHT = 180


@contextmanager
def proefhandeling(functie: Callable[..., Any], *, mag: Any = None, sloten: Any = None) -> Iterator[Callable[..., Any]]:
    """Give `functie` as an act of the register, for the length of the block only; everybody may, unless `mag`."""
    naam = f"proef.{functie.__name__}"
    try:
        yield weg.handeling(naam, "Proef", mag=mag or (lambda _wie, _obj: True), sloten=sloten)(functie)
    finally:
        weg.REGISTER.pop(naam, None)


@contextmanager
def boeker(w: bouw.Wereld) -> Iterator[Callable[..., None]]:
    """Give `boek((soort, cent, dossier, datum[, begrotingsjaar]), ...)`: an act on the call that only books."""

    def boek(oproep: Oproep, *, regels: list[Any], door: Gebruiker) -> None:
        heel = [(*regel, regel[3].year)[:5] for regel in regels]
        jaren = {datum.year for *_, datum, jaar in heel if datum.year != jaar}
        sloten.neem(Begrotingsjaar, [grootboek.begrotingsjaar(jaar).pk for jaar in jaren])
        grootboek.vergrendel_standen(grootboek.onderwerpen((d, jaar) for _, _, d, _, jaar in heel))
        gebeurtenis = weg.noteer(oproep, door=door)
        grootboek.boek(
            Boeking(soort, cent, d, datum, gebeurtenis, begrotingsjaar=jaar) for soort, cent, d, datum, jaar in heel
        )

    with proefhandeling(boek) as handeling:
        yield lambda *regels: handeling(w.oproep, regels=list(regels), door=w.bart)


def zet_limiet(w: bouw.Wereld, obj: models.Model, *limieten: int | None) -> None:
    """Set the limit of any subject (of a credit also its payment credit)."""

    def zet(oproep: Oproep, *, door: Gebruiker) -> None:
        grootboek.vergrendel_standen([grootboek.onderwerp(obj)])
        grootboek.zet_limiet(obj, *limieten, gebeurtenis=weg.noteer(oproep, door=door))

    with proefhandeling(zet) as handeling:
        handeling(w.oproep, door=w.bart)


def cijfers(obj: models.Model) -> dict[str, int]:
    """Return the totals of a subject that are not zero, in cents."""
    stand = grootboek.stand_van(obj)
    return {naam: cent for naam in AANTALLEN if (cent := getattr(stand, f"{naam}_cent"))}


def krediet(jaar: int, artikel: str = ARTIKEL) -> Krediet:
    """Return the credit of the article in a year."""
    return Krediet.objects.get(artikel__code=artikel, jaar=jaar)


def tweede_oproep(w: bouw.Wereld, *, artikel: str = "ANDER-ARTIKEL", deminimis: str = "", **velden: str) -> bouw.Wereld:
    """Build another published call on its own article, with its own people: each role of the cast with a 2 behind."""
    systeem = Gebruiker.objects.systeem()
    gegevens = copy.deepcopy(laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"))
    gegevens |= {"slug": "andere-oproep", "code": "AO", "titel": "Andere oproep"} | velden
    for rij in gegevens["luiken"]:
        rij["begrotingsartikel"] = artikel
        rij["deminimis"] = deminimis
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    mensen = {naam: w.mensen[naam] for naam in bouw.AANVRAGERS}
    for naam, rol in bouw.ROLLEN.items():
        mensen[naam] = bouw.mens(f"{naam}2")
        oproepen.geef_taak(oproep, gebruiker=mensen[naam], rol=rol, door=systeem)
    oproepen.leg_oproep_voor(oproep, door=mensen["bea"])
    oproepen.publiceer(oproep, door=mensen["bart"])
    luik = Luik.objects.get(oproep=oproep, slug="vlaanderen")
    return bouw.Wereld(mensen, w.aartselaar, w.boom, w.vzw, oproep, luik, Ronde.objects.get(luik=luik))


def brussel(w: bouw.Wereld) -> bouw.Wereld:
    """Return the same world, seen from the Brussels track and its round."""
    luik = Luik.objects.get(oproep=w.oproep, slug="brussel")
    return bouw.vers(bouw.Wereld(w.mensen, w.aartselaar, w.boom, w.vzw, w.oproep, luik, Ronde.objects.get(luik=luik)))


def geef_rol(w: bouw.Wereld, wie: str, rol: str) -> Gebruiker:
    """Give somebody of the cast a second role for the whole call."""
    oproepen.geef_taak(w.oproep, gebruiker=w.mensen[wie], rol=rol, door=Gebruiker.objects.systeem())
    return w.mensen[wie]


def zet_krediet(w: bouw.Wereld, jaar: int, vak: int, vek: int) -> None:
    """Set commitment and payment credit of a year."""
    rij, _ = Krediet.objects.get_or_create(artikel=grootboek.artikel(ARTIKEL, "Subsidies"), jaar=jaar)
    betalingen.stel_krediet_in(
        rij, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, referentie="proef", door=w.bart
    )


# Races: real threads with connections of their own, made to meet at a lock that the test itself holds.


@dataclass
class Loper:
    """One of the acts in a race: what it gave, or why it was refused."""

    daad: Callable[[], Any]
    waarde: Any = None
    fout: BaseException | None = None
    draad: threading.Thread = field(init=False)

    def begin(self, hek: threading.Barrier) -> None:
        """Run the act in a thread with its own connection, once everybody stands at the gate."""

        def loop() -> None:
            try:
                connection.ensure_connection()
                hek.wait(timeout=WACHT)
                self.waarde = self.daad()
            except BaseException as fout:  # noqa: BLE001 - the test looks at it
                self.fout = fout
            finally:
                connection.close()

        self.draad = threading.Thread(target=loop, daemon=True)
        self.draad.start()

    @property
    def gewonnen(self) -> bool:
        """Tell whether the act went through."""
        return self.fout is None

    @property
    def zin(self) -> tuple[str, str]:
        """Return code and sentence of the refusal; any other error fails the test."""
        if isinstance(self.fout, Weigering):
            return self.fout.code, self.fout.zin
        raise AssertionError("geen weigering") from self.fout


def wedloop(
    *daden: Callable[[], Any], slot: models.Model | None = None, intussen: Callable[[], Any] | None = None
) -> list[Loper]:
    """Run these acts at the same time from their own connections and return what became of each.

    slot: a row that this test holds until all of them wait for it, so that they really overlap; intussen: what
    happens just before it lets go.
    """
    if slot is None:
        return einde(begin(*daden))
    with transaction.atomic():
        type(slot)._default_manager.select_for_update().get(pk=slot.pk)
        lopers = begin(*daden)
        wacht_op_slot(len(lopers))
        if intussen is not None:
            intussen()
    return einde(lopers)


def begin(*daden: Callable[[], Any]) -> list[Loper]:
    """Start these acts at the same moment."""
    lopers = [Loper(daad) for daad in daden]
    hek = threading.Barrier(len(lopers) + 1)
    for loper in lopers:
        loper.begin(hek)
    hek.wait(timeout=WACHT)
    return lopers


def einde(lopers: list[Loper]) -> list[Loper]:
    """Wait until all have finished."""
    for loper in lopers:
        loper.draad.join(timeout=WACHT)
        assert not loper.draad.is_alive(), "een van de lopers blijft hangen"
    return lopers


def wacht_op_slot(aantal: int) -> None:
    """Wait until so many connections wait for a lock; SQLite cannot tell, there a moment is enough."""
    if connection.vendor == "sqlite":
        time.sleep(0.15)
        return
    vraag = (
        "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE "
        "database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    einde = time.monotonic() + WACHT
    with connection.cursor() as cursor:
        while time.monotonic() < einde:
            cursor.execute(vraag)
            if cursor.fetchone()[0] >= aantal:
                return
            time.sleep(0.01)
    raise AssertionError(f"er wachten geen {aantal} verbindingen op een slot")


def verdeel(lopers: list[Loper]) -> tuple[list[Loper], list[Loper]]:
    """Split winners and losers; a loser is refused with a sentence, anything else fails."""
    verliezers = [loper for loper in lopers if not loper.gewonnen]
    assert all(loper.zin for loper in verliezers)
    return [loper for loper in lopers if loper.gewonnen], verliezers
