"""The checks of `manage.py controleer`: each package registers its own in `controles.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import F, Max

from kern import ketens, triggers
from kern.canoniek import vingerafdruk
from kern.models import Gebeurtenis, GebeurtenisInhoud, Keten


@dataclass(frozen=True)
class Controle:
    """A check: `zoek` yields a Dutch sentence per difference found, and returns what it counted."""

    naam: str
    zoek: Callable[[], Iterator[str]]


CONTROLES: list[Controle] = []


def controle(naam: str) -> Callable[[Callable[[], Iterator[str]]], Callable[[], Iterator[str]]]:
    """Register a check under a Dutch name."""

    def registreer(functie: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
        CONTROLES.append(Controle(naam, functie))
        return functie

    return registreer


@controle("triggers aanwezig")
def triggers_aanwezig() -> Iterator[str]:
    """Every guarded table has all its triggers."""
    for naam in triggers.ontbrekend():
        yield f"trigger {naam} ontbreekt"


@controle("ketens van gebeurtenissen kloppen")
def ketens_kloppen() -> Iterator[str]:
    """Numbers follow, every hash is right, the end of each chain is the last event."""
    vorige: Gebeurtenis | None = None
    rijen = Gebeurtenis.objects.select_related("keten").order_by("keten_id", "nummer")
    for rij in rijen.iterator(chunk_size=2000):
        eerste = vorige is None or vorige.keten_id != rij.keten_id
        verwacht_nummer = 1 if eerste or vorige is None else vorige.nummer + 1
        verwachte_vorige = bytes(32) if eerste or vorige is None else bytes(vorige.hash)
        if rij.nummer != verwacht_nummer:
            yield f"{rij.keten}: gebeurtenis {rij.nummer} staat waar {verwacht_nummer} hoort"
        if bytes(rij.vorige_hash) != verwachte_vorige:
            yield f"{rij.keten}: gebeurtenis {rij.nummer} sluit niet aan op de vorige"
        if bytes(rij.hash) != ketens.bereken_hash(rij, rij.keten):
            yield f"{rij.keten}: gebeurtenis {rij.nummer} is gewijzigd"
        vorige = rij
    laatste = Keten.objects.annotate(hoogste=Max("gebeurtenissen__nummer"))
    for keten in laatste.iterator(chunk_size=2000):
        if (keten.hoogste or 0) != keten.laatste_nummer:
            yield f"{keten}: laatste nummer {keten.laatste_nummer}, gevonden {keten.hoogste or 0}"
    einden = Gebeurtenis.objects.select_related("keten").filter(nummer=F("keten__laatste_nummer"))
    for rij in einden.iterator(chunk_size=2000):
        if bytes(rij.hash) != bytes(rij.keten.laatste_hash):
            yield f"{rij.keten}: de laatste vingerafdruk is niet die van gebeurtenis {rij.nummer}"


@controle("inhoud van gebeurtenissen klopt")
def inhoud_klopt() -> Iterator[str]:
    """Every payload that was not erased has the hash its event names."""
    rijen = GebeurtenisInhoud.objects.select_related("gebeurtenis__keten")
    for rij in rijen.iterator(chunk_size=2000):
        if vingerafdruk(bytes(rij.zout), bytes(rij.inhoud)) != bytes(rij.gebeurtenis.inhoud_hash):
            yield f"{rij.gebeurtenis.keten}: de inhoud van gebeurtenis {rij.gebeurtenis.nummer} is gewijzigd"


def aantal_gewist() -> int:
    """Return how many events have an erased payload."""
    return Gebeurtenis.objects.filter(bewaarde_inhoud=None).count()
