"""A running project whose schedule has a date, a condition, a balance on request and a schuldvordering.

s = lopend(wereld)      50.000 euro for Aartselaar: half at the commitment, 10.000 from 1 March 2023 on, and the balance
betaal(w, betaling)     one instalment from draft to paid
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from betalingen import services
from betalingen.models import Begrotingsartikel, Betaling, Krediet
from dossiers.models import Dossier
from kern import klok, uploads
from kern.geld import naar_cent
from kern.opslag import Maken
from oproepen.laad_schijven import eis_schema, maak_schijf
from oproepen.models import Betaalschijf, Luik
from tests import bouw
from tests.dossiers.kosten import hulp as kosten
from tests.onthouden import onthoudt

SCHEMA: list[dict[str, Any]] = [
    {"naam": "Voorschot", "aanleiding": "vastlegging", "procent": 50},
    {
        "naam": "Tweede schijf",
        "aanleiding": "datum",
        "datum": "2023-03-01",
        "bedrag": "10000.00",
        "voorwaarde": "De stuurgroep kwam samen.",
    },
    {"naam": "Saldo", "aanleiding": "aanvraag", "aanvraag_tot": "2024-06-30", "saldo": True, "schuldvordering": True},
]
VOORSCHOT, TWEEDE, SALDO = 25_000_00, 10_000_00, 15_000_00
NA_HET_PROJECT = klok.brussel(2024, 4, 2, 12)


@dataclass
class Schemaspel:
    """A world with the dossier whose instalments these are."""

    w: bouw.Wereld
    dossier: Dossier

    def betaling(self, volgorde: int) -> Betaling:
        """Return an instalment, freshly read."""
        velden = ("schijf__verslagmoment", "dossier__organisatie", "dossier__ronde__luik__oproep")
        return Betaling.objects.select_related(*velden).get(dossier=self.dossier, schijf__volgorde=volgorde)


def zet_schema(w: bouw.Wereld, rijen: list[dict[str, Any]]) -> None:
    """Give the tracks of a call, which has no awards yet, another schedule; by the reader of data files."""
    eis_schema(rijen)
    Betaalschijf.objects.filter(luik__oproep=w.oproep).delete()
    for rij in Luik.objects.filter(oproep=w.oproep):
        momenten = {moment.sleutel: moment for moment in rij.verslagmomenten.all()}
        lees = (lambda waarde: naar_cent(Decimal(waarde)), lambda waarde, _: date.fromisoformat(waarde))
        for volgorde, schijf in enumerate(rijen, start=1):
            maak_schijf(rij, schijf, volgorde, momenten, opslag=Maken(), lees=lees)


@onthoudt
def lopend(w: bouw.Wereld, schema: list[dict[str, Any]] | None = None) -> Schemaspel:
    """Award 50.000 euro to Aartselaar on this schedule, or another; the clock stands in May 2023."""
    zet_schema(w, schema or SCHEMA)
    spel = kosten.lopend(w)
    krediet = Krediet.objects.create(artikel=Begrotingsartikel.objects.get(), jaar=2024)
    services.stel_krediet_in(krediet, vastleggingskrediet_cent=0, betaalkrediet_cent=1_000_000_00, door=w.bart)
    return Schemaspel(w, spel.dossier)


def betaal(w: bouw.Wereld, betaling: Betaling) -> None:
    """Bring one instalment from draft to paid, today."""
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    services.meld_uitbetaald(betaling, datum=klok.vandaag(), door=w.bo)


def eerste_twee_betaald(spel: Schemaspel) -> None:
    """Pay what comes before the balance; the clock ends after the project."""
    betaal(spel.w, spel.betaling(1))
    services.bevestig_voorwaarde(spel.betaling(2), motivering="Verslag van 3 april.", door=spel.w.bea)
    betaal(spel.w, spel.betaling(2))


def nagekeken(spel: Schemaspel, *centen: int) -> None:
    """Claim costs, have them accepted, and let the project end."""
    kosten.nagekeken(kosten.Spel(spel.w, spel.dossier), *centen, opmerking="Alles was voor het project.")
    klok.zet(NA_HET_PROJECT)


def stuk(w: bouw.Wereld, naam: str = "schuldvordering.pdf") -> Any:
    """Store a signed paper."""
    return uploads.bewaar(bouw.upload(naam), door=w.an)


def vraag_aan(spel: Schemaspel, betaling: Betaling, **anders: Any) -> Any:
    """Hand in a schuldvordering that is right."""
    velden = {"bedrag_cent": betaling.bedrag_cent, "toelichting": ""} | anders
    if "document" not in velden:
        velden["document"] = stuk(spel.w)
    return services.vraag_betaling_aan(betaling, **velden, door=spel.w.an)
