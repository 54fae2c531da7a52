"""An award of 100.000 euro of which 50.000 was paid, and recoveries of it in every state, by acts only."""

from datetime import timedelta
from typing import Any

from betalingen import services
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import Betaling, Terugvordering
from betalingen.services import Interest, Verjaring
from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests.betalingen.bank.afschrift import EIGEN_IBAN
from tests.onthouden import onthoudt

K = 1_000_00
VANDAAG = bouw.BESLIST.date()
TERMIJN = VANDAAG + timedelta(days=30)
GEHOORD = bouw.BESLIST + timedelta(days=31)
BEKEND = bouw.BESLIST + timedelta(days=40)
UITERLIJK = BEKEND.date() + timedelta(days=30)
VERJAART = VANDAAG.replace(year=2032)
REDEN = "De buurtwerker is nooit aangeworven."


@onthoudt
def betaald(w: bouw.Wereld, punten: dict[str, int] | None = None) -> bouw.Wereld:
    """Award, and pay the first instalment of every dossier (50.000 euro) on the day of the decision."""
    bouw.kennisgegeven(w, punten)
    services.stel_rekening_in(
        w.beheer,
        verstrekker=w.oproep.verstrekker,
        opdrachtgever=Opdrachtgever("Vlaamse overheid", EIGEN_IBAN),
        door=w.beheer,
    )
    for rij in Betaling.objects.filter(schijf__volgorde=1).order_by("pk"):
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
        services.verstuur_betalingen(w.oproep, betalingen=[rij.pk], door=w.bo)
        services.meld_uitbetaald(Betaling.objects.get(pk=rij.pk), datum=VANDAAG, door=w.bo)
    return w


def dossier() -> Dossier:
    """Return the first dossier."""
    rij = Dossier.objects.exclude(toegekend_cent=None).select_related("ronde__luik__oproep").order_by("pk").first()
    assert rij is not None
    return rij


def vers_gelezen(rij: Terugvordering) -> Terugvordering:
    """Read a recovery again."""
    return Terugvordering.objects.select_related("dossier__ronde__luik__oproep").get(pk=rij.pk)


def voornemen(w: bouw.Wereld, **anders: Any) -> Terugvordering:
    """Intend to claim 20.000 euro back."""
    velden = {
        "bedrag_cent": 20 * K,
        "grond": "voorwaarden",
        "rechtsregel": "artikel_13",
        "motivering": REDEN,
        "hoortermijn": TERMIJN,
        "door": w.bea,
    } | anders
    bij = velden.pop("dossier", None) or dossier()
    rij: Terugvordering = services.neem_terugvordering_voor(bij, **velden)
    return rij


def gehoord(w: bouw.Wereld, **anders: Any) -> Terugvordering:
    """... heard on the first day after the term."""
    rij = voornemen(w, **anders)
    klok.zet(GEHOORD)
    return vers_gelezen(services.hoor_over_terugvordering(rij, reactie="Wij vonden niemand.", door=w.bea))


def beslis(w: bouw.Wereld, rij: Terugvordering, **anders: Any) -> Terugvordering:
    """Decide as the budget holder."""
    velden = {
        "bedrag_cent": 20 * K,
        "motivering": "De voorwaarde van aanwerving is niet nageleefd.",
        "nummer": "TB-2022-4",
        "datum": klok.vandaag(),
        "termijn_dagen": 30,
        "verjaring": Verjaring(VERJAART, "Tien jaar na de betaling (aanname)."),
        "door": w.bart,
    } | anders
    uit: Terugvordering = services.beslis_terugvordering(rij, **velden)
    return vers_gelezen(uit)


def beslist(w: bouw.Wereld, **anders: Any) -> Terugvordering:
    """... and decided."""
    rij = gehoord(w, **({"bedrag_cent": anders["bedrag_cent"]} if "bedrag_cent" in anders else {}))
    return beslis(w, rij, **anders)


def bekend(w: bouw.Wereld, **anders: Any) -> Terugvordering:
    """... and notified, with thirty days to pay."""
    rij = beslist(w, **anders)
    klok.zet(BEKEND)
    return vers_gelezen(services.geef_kennis_van_terugvordering(rij, door=w.bea))


def met_interest(w: bouw.Wereld, honderdsten: int = 365, **anders: Any) -> Terugvordering:
    """... with interest of 3,65 percent: one cent a day on a hundred euro."""
    return bekend(w, interest=Interest(honderdsten, None, "Zoals in het subsidiebesluit (aanname)."), **anders)


def ontvang(w: bouw.Wereld, rij: Terugvordering, cent: int, **anders: Any) -> Terugvordering:
    """Record money that came in today."""
    velden = {"datum": klok.vandaag(), "referentie": "2022/0042", "door": w.bo} | anders
    uit: Terugvordering = services.ontvang_terugvordering(rij, bedrag_cent=cent, **velden)
    return vers_gelezen(uit)
