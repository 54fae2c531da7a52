"""The shared world for a granter that keeps its books in an outside system, built by the acts only.

w = getekend(wereld)    two awards of 100.000 euro that wait for their commitment elsewhere
w = verstuurd(wereld)   ... committed as V-1 and V-2, told, and the first instalment of both sent in one order
w = veel(wereld, 12)    ... twelve signed awards of 10.000 euro
"""

from datetime import date
from typing import Any

from beoordeling import services as beoordeling
from beoordeling.models import Besluit
from betalingen import services
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling
from betalingen.queries.buitenfeiten import Feit
from dossiers import services as dossiers
from dossiers.models import Dossier
from kern import klok
from oproepen import services as oproepen
from tests import bouw
from tests.hulp import vul_in
from tests.onthouden import onthoudt

K = 1_000_00
DAG = bouw.BESLIST.date()


def extern(w: bouw.Wereld) -> bouw.Wereld:
    """Let the granter of the call keep its books elsewhere."""
    services.stel_boekhouding_in(
        w.beheer, verstrekker=w.oproep.verstrekker, wijze="extern", reden="Orafin.", door=w.beheer
    )
    return w


def getekend(w: bouw.Wereld) -> bouw.Wereld:
    """Sign two awards."""
    bouw.beslist(extern(w), {"an": 9, "ben": 8})
    return bouw.vers(w)


def leg_vast(w: bouw.Wereld) -> None:
    """Register the commitment of every award: V-1, V-2, ..."""
    for nummer, rij in enumerate(Dossier.objects.order_by("pk"), start=1):
        services.registreer_vastlegging(rij, nummer=f"V-{nummer}", datum=DAG, door=w.bo)


@onthoudt
def verstuurd(w: bouw.Wereld) -> bouw.Wereld:
    """Commit, tell, and send the first instalment of each award."""
    return verstuur(getekend(w))


def verstuur(w: bouw.Wereld) -> bouw.Wereld:
    """Commit what is signed, tell, and send the first instalment of each award in one order."""
    leg_vast(w)
    beoordeling.geef_kennis(Besluit.objects.get(), door=w.bea)
    eerste = list(Betaling.objects.filter(schijf__volgorde=1).order_by("pk"))
    for rij in eerste:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[rij.pk for rij in eerste], door=w.bo)
    return bouw.vers(w)


@onthoudt
def veel(w: bouw.Wereld, aantal: int) -> bouw.Wereld:
    """Sign so many awards of 10.000 euro in one decision."""
    extern(w)
    namen = [f"Gemeente {nummer}" for nummer in range(1, aantal)]
    eigen = [w.aartselaar, *(bouw.organisatie(n, None, "gemeente", "lokaal_bestuur", w.an) for n in namen)]
    rijen = [bouw.concept(w, "an", organisatie) for organisatie in eigen]
    for rij in rijen:
        vul_in(rij, 10 * K, w.an)
        dossiers.dien_in(bouw.opnieuw(rij), door=w.an, ontvangen_op=klok.nu())
    bouw.sluit(w)
    for rij in rijen:
        dossiers.verklaar_ontvankelijk(bouw.opnieuw(rij), motivering="Alles is er.", door=w.bea)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    bouw.vers(w)
    for rij in rijen:
        for jurylid in (w.jef, w.joke):
            bouw.scoreblad_ingediend(w, bouw.opnieuw(rij), jurylid, 8)
        beoordeling.stel_advies_vast(bouw.opnieuw(rij), gunstig=True, motivering="Goed.", door=w.vic)
    klok.zet(bouw.BESLIST)
    besluit = beoordeling.leg_besluit_voor(beoordeling.stel_voor(w.ronde, door=w.bea), door=w.bea)
    bouw.onderteken(w, besluit)
    return bouw.vers(w)


def dossier(nummer: int = 1) -> Dossier:
    """Return the first or second award, freshly read."""
    return bouw.opnieuw(list(Dossier.objects.order_by("pk"))[nummer - 1])


def betaling(nummer: int = 1, schijf: int = 1) -> Betaling:
    """Return an instalment of the first or second award, freshly read."""
    lezen = ("schijf", "opdracht", "dossier__organisatie", "dossier__ronde__luik__oproep")
    return Betaling.objects.select_related(*lezen).get(dossier=dossier(nummer), schijf__volgorde=schijf)


def referentie(nummer: int = 1) -> str:
    """Return the reference of a sent first instalment."""
    rij = betaling(nummer)
    assert rij.opdracht is not None
    return end_to_end_id(rij.opdracht.nummer or "", rij.pk)


def vereffen(w: bouw.Wereld, nummer: int = 1, datum: date = DAG, **velden: Any) -> Betaling:
    """Report the charge of a first instalment."""
    gegeven = {"stuknummer": f"ST-{nummer}", "door": w.bo} | velden
    return services.meld_vereffend(betaling(nummer), datum=datum, **gegeven)


def neem_op(w: bouw.Wereld, soort: str, cent: int, **velden: Any) -> Any:
    """Take in a fact of the first award, as the accountant."""
    wie, verstrekker = velden.pop("door", w.bo), velden.pop("verstrekker", w.oproep.verstrekker)
    nummer, datum = velden.pop("dossier", dossier().nummer), velden.pop("datum", DAG)
    feit = Feit(soort, nummer, cent, datum, **velden)
    return services.neem_buitenfeit_op(wie, feit=feit, verstrekker=verstrekker, door=wie)
