"""The forms of the pages, each filled in right, with a world in which it can be sent.

geval = begroting(wereld)
browser(wereld.mensen[geval.wie]).post(geval.adres, geval.goed | {"gevraagd": "-5"})
"""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from beoordeling import services as beoordeling
from betalingen import services as betalingen
from betalingen.models import Betaling
from dossiers import services as dossiers
from dossiers.models import Dossier
from kern import klok
from oproepen import laden
from oproepen import services as oproepen
from oproepen.models import Oproep
from organisaties.models import Gebruiker
from tests import bouw
from tests.bouw import Wereld
from tests.hulp import oproepgegevens


def browser(wie: Any) -> Client:
    client = Client()
    client.force_login(wie)
    return client


@dataclass
class Geval:
    """One form, filled in right: who sends it where, the name of its file field, and the page where it stands."""

    wie: str
    adres: str
    goed: dict[str, Any]
    bestand: str = ""
    pagina: str = ""


def begroting(w: Wereld) -> Geval:
    dossier = bouw.volledig(w)
    goed = {
        "titel": "Een andere titel",
        "iban": "BE68 5390 0754 7034",
        "gevraagd": "1.000,00",
        "versie": str(dossier.gegevens_versie),
        "kosten-TOTAL_FORMS": "2",
        "kosten-INITIAL_FORMS": "0",
        "kosten-0-omschrijving": "Drukwerk",
        "kosten-0-bedrag": "1.250,50",
        "kosten-1-omschrijving": "",
        "kosten-1-bedrag": "",
        "inbreng-TOTAL_FORMS": "1",
        "inbreng-INITIAL_FORMS": "0",
        "inbreng-0-omschrijving": "Gemeente",
        "inbreng-0-bedrag": "250,50",
    }
    return Geval("an", reverse("dossier_begroting", args=[dossier.nummer]), goed)


def organisatie(w: Wereld) -> Geval:
    goed = {
        "kbo": "0207.500.123",
        "naam": "Gemeente Niel",
        "categorie": "gemeente",
        "juridische_vorm": "gemeente",
        "gemeente": "Niel",
    }
    return Geval("stan", reverse("organisatie_nieuw"), goed)


def lid(w: Wereld) -> Geval:
    goed = {"email": w.stan.email, "rol": "medewerker"}
    return Geval("an", reverse("organisatie", args=[w.aartselaar.pk]), goed)


def start(w: Wereld) -> Geval:
    return Geval("an", reverse("dossier_start", args=[w.oproep.slug, "vlaanderen"]), {"organisatie": w.aartselaar.pk})


def ontvankelijkheid(w: Wereld) -> Geval:
    dossier = bouw.ingediend(w)
    bouw.sluit(w)
    goed = {"oordeel": "ontvankelijk", "motivering": "Alles is er."}
    return Geval("bea", reverse("dossier_ontvankelijkheid", args=[dossier.nummer]), goed)


def ontvankelijkheid_open(w: Wereld) -> Geval:
    dossier = bouw.ingediend(w)
    goed = {"oordeel": "ontvankelijk", "motivering": "Alles is er."}
    return Geval("bea", reverse("dossier_ontvankelijkheid", args=[dossier.nummer]), goed)


def _beoordeling(w: Wereld) -> Dossier:
    [dossier] = bouw.ontvankelijk(w)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    return dossier


def toewijzen(w: Wereld) -> Geval:
    dossier = _beoordeling(w)
    beoordeling.wijs_toe(dossier, jurylid=w.joke, door=w.bea)
    return Geval("bea", reverse("dossier_jury", args=[dossier.nummer]), {"form": "toewijzen", "jurylid": w.jef.pk})


def advies(w: Wereld) -> Geval:
    dossier = _beoordeling(w)
    for jurylid in (w.jef, w.joke):
        bouw.scoreblad_ingediend(w, dossier, jurylid, 8)
    goed = {"form": "advies", "gunstig": "ja", "motivering": "Een sterk netwerk."}
    return Geval("vic", reverse("dossier_jury", args=[dossier.nummer]), goed)


def begrenzing(w: Wereld) -> Geval:
    [dossier] = bouw.gescoord(w, {"an": 8})
    goed = {"bedrag_cent": "50.000,00", "motivering": "De helft is genoeg."}
    return Geval("bea", reverse("dossier_begrenzing", args=[dossier.nummer]), goed)


def advies_te_vroeg(w: Wereld) -> Geval:
    dossier = _beoordeling(w)
    goed = {"form": "advies", "gunstig": "ja", "motivering": "Een sterk netwerk."}
    return Geval("vic", reverse("dossier_jury", args=[dossier.nummer]), goed)


def scoreblad(w: Wereld) -> Geval:
    blad = beoordeling.wijs_toe(_beoordeling(w), jurylid=w.jef, door=w.bea)
    goed = {}
    for plaats, criterium in enumerate(w.oproep.criteria.all()):
        goed |= {f"punten_{criterium.pk}": str(plaats + 3), f"motivering_{criterium.pk}": f"Reden {plaats}."}
    return Geval("jef", reverse("scoreblad", args=[blad.pk]), {**goed, "indienen": "1"})


def onderteken(w: Wereld) -> Geval:
    besluit = bouw.voorgesteld(w)
    klok.zet(bouw.BESLIST)
    goed = {"nummer": "MB-2022-7", "datum": "2022-02-01"}
    pagina = reverse("besluit", args=[besluit.pk])
    return Geval("bart", reverse("besluit_onderteken", args=[besluit.pk]), goed, "bestand", pagina)


def terugsturen(w: Wereld) -> Geval:
    bouw.kennisgegeven(w)
    betaling = betalingen.stel_betaling_op(Betaling.objects.order_by("pk")[0], door=w.bea)
    adres, pagina = (reverse(naam, args=[betaling.pk]) for naam in ("betaling_terugsturen", "betaling"))
    return Geval("bart", adres, {"reden": "Kijk de rekening na."}, pagina=pagina)


def uitbetaald(w: Wereld) -> Geval:
    betaling = bouw.verstuurde_betaling(w)
    adres, pagina = (reverse(naam, args=[betaling.pk]) for naam in ("betaling_uitbetaald", "betaling"))
    return Geval("bo", adres, {"datum": klok.vandaag().isoformat()}, pagina=pagina)


def verslag(w: Wereld) -> Geval:
    bouw.kennisgegeven(w)
    goed = {"tekst": "Wij belden aan bij iedereen.", "kosten": "1.234,56"}
    return Geval("an", reverse("verslag", args=[bouw.eerste_verslag(w).pk]), goed)


def oordeel(w: Wereld) -> Geval:
    bouw.kennisgegeven(w)
    rij = bouw.eerste_verslag(w)
    dossiers.dien_verslag_in(rij, tekst="Het werkt.", kosten_cent=1, bestand=None, door=w.an)
    return Geval("bea", reverse("verslag", args=[rij.pk]), {"oordeel": "terug", "beoordeling": "Hoeveel bewoners?"})


def stuur_oproep_terug(w: Wereld) -> Geval:
    """On a call of its own: that of the world is published."""
    rij = tweede_in_ontwerp(w)
    adres, pagina = (reverse(naam, args=[rij.slug]) for naam in ("oproep_stuur_terug", "oproep_beheer"))
    return Geval("bart", adres, {"reden": "Wie beslist er?"}, pagina=pagina)


def tweede_in_ontwerp(w: Wereld) -> Oproep:
    """Make another call that waits for approval."""
    systeem = Gebruiker.objects.systeem()
    rij = laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="tweede", code="TW"), door=systeem)
    for naam in ("bea", "bart"):
        oproepen.geef_taak(rij, gebruiker=w.mensen[naam], rol=bouw.ROLLEN[naam], door=systeem)
    return oproepen.leg_oproep_voor(rij, door=w.bea)


def vragenlijst(w: Wereld) -> Geval:
    """The questions of a draft that is complete."""
    dossier = bouw.volledig(w)
    adres, data = vragen(w, dossier, netwerk="Nieuwe tekst over het netwerk.")
    return Geval("an", adres, data)


def vragen(w: Wereld, dossier: Dossier, **anders: str) -> tuple[str, dict[str, str]]:
    antwoorden = {a.sleutel: a for a in dossier.antwoorden.all()}
    data = {}
    for vraag in dossier.formulierversie.vragen.all():
        antwoord = antwoorden.get(vraag.sleutel)
        data[vraag.sleutel] = antwoord.waarde if antwoord else ""
        data[f"versie_{vraag.sleutel}"] = str(antwoord.versie if antwoord else 0)
    return reverse("dossier_vragen", args=[dossier.nummer]), data | anders
