"""Helpers for tests of the mechanisms: fingerprints, refusals that change nothing, acts for one test, real races."""

import copy
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from betalingen import grootboek
from betalingen import services as betalingen
from betalingen.grootboek import Boeking
from betalingen.models import AANTALLEN, Krediet, Stand
from dossiers.models import Dossier
from kern import ketens, weg
from kern.models import Uitgaand
from kern.weigering import Weigering
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Gebruiker
from tests import bouw

PAKKETTEN = {"kern", "organisaties", "oproepen", "dossiers", "betalingen", "beoordeling"}
GEEN_RECHT = "U hebt geen recht op deze handeling."
ARTIKEL = "WELZIJN-EENZAAMHEID"


def afdruk() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours, so that two moments can be compared."""
    return {
        model._meta.db_table: [
            tuple(_waarde(w) for w in rij) for rij in model._base_manager.order_by("pk").values_list()
        ]
        for model in apps.get_models()
        if model._meta.app_label in PAKKETTEN
    }


def _waarde(waarde: Any) -> Any:
    return bytes(waarde) if isinstance(waarde, memoryview) else waarde


@contextmanager
def weigert(code: str, zin: str, veld: str | None = None) -> Iterator[None]:
    """Expect exactly this refusal inside the block, and that it changed no row anywhere."""
    voor = afdruk()
    with pytest.raises(Weigering) as gevangen:
        yield
    assert (gevangen.value.code, gevangen.value.zin, gevangen.value.veld) == (code, zin, veld)
    assert afdruk() == voor


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
    """Give `boek((soort, cent, dossier, datum), ...)`: an act on the call that only books."""

    def boek(oproep: Oproep, *, regels: list[tuple[str, int, Dossier, date]], door: Gebruiker) -> None:
        grootboek.vergrendel_standen(o for _, _, d, datum in regels for o in grootboek.onderwerpen_van(d, datum.year))
        gebeurtenis = weg.noteer(oproep, door=door)
        grootboek.boek(Boeking(soort, cent, d, datum, gebeurtenis) for soort, cent, d, datum in regels)

    with proefhandeling(boek) as handeling:
        yield lambda *regels: handeling(w.oproep, regels=list(regels), door=w.bart)


def cijfers(obj: models.Model) -> dict[str, int]:
    """Return the totals of a subject that are not zero, in cents."""
    stand = grootboek.stand_van(obj)
    return {naam: cent for naam in AANTALLEN if (cent := getattr(stand, f"{naam}_cent"))}


def krediet(jaar: int, artikel: str = ARTIKEL) -> Krediet:
    """Return the credit of the article in a year."""
    return Krediet.objects.get(artikel__code=artikel, jaar=jaar)


def verhaal(obj: models.Model) -> list[tuple[str, str, str, str, dict[str, Any] | None]]:
    """Return the events of an object: act, first name of who did it, state before, state after, payload."""
    return [
        (g.handeling, g.door.voornaam.lower(), g.van, g.naar, ketens.inhoud_van(g))
        for g in ketens.gebeurtenissen_van(obj)
    ]


def post() -> list[tuple[str, str]]:
    """Return address and subject of every mail in the outbox, in order."""
    return [(rij.inhoud["aan"], rij.inhoud["onderwerp"]) for rij in Uitgaand.objects.order_by("pk")]


def tweede_oproep(w: bouw.Wereld, *, artikel: str = "ANDER-ARTIKEL") -> bouw.Wereld:
    """Build another published call on its own article, with its own people: each role of the cast with a 2 behind."""
    systeem = Gebruiker.objects.systeem()
    gegevens = copy.deepcopy(laden.lees_bestand(laden.GEGEVENS / "zorgzame-buurten.json"))
    gegevens |= {"slug": "andere-oproep", "code": "AO", "titel": "Andere oproep"}
    for rij in gegevens["luiken"]:
        rij["begrotingsartikel"] = artikel
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
    betalingen.stel_krediet_in(rij, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, door=w.bart)


def zonder(rollen: Iterable[str]) -> list[str]:
    """Return everybody of the cast who has none of these roles, applicants and administrator included."""
    return sorted({*bouw.ROLLEN, *bouw.AANVRAGERS, "beheer"} - {n for n, r in bouw.ROLLEN.items() if r in set(rollen)})


BUDGETHOUDER, BOEKHOUDER, BEHANDELAAR = Taak.Rol.BUDGETHOUDER, Taak.Rol.BOEKHOUDER, Taak.Rol.BEHANDELAAR


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
                hek.wait(timeout=30)
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
        if not isinstance(self.fout, Weigering):
            raise AssertionError("geen weigering") from self.fout
        return self.fout.code, self.fout.zin


def wedloop(
    *daden: Callable[[], Any], slot: models.Model | None = None, intussen: Callable[[], Any] | None = None
) -> list[Loper]:
    """Run these acts at the same time from their own connections and return what became of each.

    slot: a row that this test holds until all of them wait for it, so that they really overlap; intussen: what
    happens just before it lets go.
    """
    lopers = [Loper(daad) for daad in daden]
    hek = threading.Barrier(len(lopers) + 1)
    if slot is None:
        _start(lopers, hek)
    else:
        with transaction.atomic():
            type(slot)._default_manager.select_for_update().get(pk=slot.pk)
            _start(lopers, hek)
            wacht_op_slot(len(lopers))
            if intussen is not None:
                intussen()
    for loper in lopers:
        loper.draad.join(timeout=60)
        assert not loper.draad.is_alive(), "een van de lopers blijft hangen"
    return lopers


def _start(lopers: list[Loper], hek: threading.Barrier) -> None:
    for loper in lopers:
        loper.begin(hek)
    hek.wait(timeout=30)


def wacht_op_slot(aantal: int) -> None:
    """Wait until so many connections wait for a lock; SQLite cannot tell, there a moment is enough."""
    if connection.vendor == "sqlite":
        time.sleep(0.15)
        return
    vraag = (
        "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE "
        "database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    einde = time.monotonic() + 20
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


def standen() -> dict[str, tuple[int | None, dict[str, int]]]:
    """Return limit and totals of every subject, by its name."""
    return {
        str(rij): (rij.limiet_cent, {n: c for n in AANTALLEN if (c := getattr(rij, f"{n}_cent"))})
        for rij in Stand.objects.all()
    }
