"""The six steps of one call by clicking and typing, as each role, on a desktop and a phone, with and without script."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from dossiers.models import Dossier, Indiening
from kern import klok
from tests import bouw
from tests.browser.bezoeker import BUREAU, BUREAU_ZONDER, TELEFOON, TELEFOON_ZONDER, Bezoeker, Vorm
from tests.browser.conftest import Maak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VRAGEN = {
    "Welke buurt kiest u": "De wijk rond het station. Er is weinig groen en veel verloop.",
    "Wie wilt u bereiken": "Ouderen die alleen wonen.",
    "Wat gaat u doen": "Elke week een tafel op het plein.",
    "Met welke partners": "De gemeente, het OCMW en de harmonie.",
    "Hoeveel bewoners": "1200",
}


@pytest.mark.parametrize(
    "vorm",
    [pytest.param(TELEFOON, marks=pytest.mark.kort), TELEFOON_ZONDER, BUREAU, BUREAU_ZONDER],
    ids=str,
)
def test_six_steps(vorm: Vorm, bezoeker: Maak) -> None:
    w = bouw.ontwerp()
    bouw.zet_geld(w)
    bea, bart, an = bezoeker(vorm), bezoeker(vorm), bezoeker(vorm)
    _launch(bea, bart)
    nummer = _submission(an, js=vorm.js)
    _jury(bea, nummer, {naam: bezoeker(vorm) for naam in ("jef", "joke", "vic")})
    _award(bea, bart, an, nummer)
    bo = bezoeker(vorm)
    _payment(bea, bart, bo, nummer)
    _report(an, bea, nummer)

    aude = bezoeker(vorm).aangemeld("aude")
    for wie in (aude, bart):
        wie.ga("/budgetstand/")
        wie.ziet("1.234,56")
    for pad in ("/dossiers/", "/verslagen/", "/betalingen/?status=uitbetaald"):
        aude.ga(pad)
        aude.ziet(nummer)
    call_command("controleer")


def _launch(bea: Bezoeker, bart: Bezoeker) -> None:
    bea.aangemeld("bea")
    bea.link(re.compile("voorleggen"))
    bea.knop("Ter goedkeuring voorleggen")
    bea.ziet("De oproep ligt ter goedkeuring voor.")
    bart.aangemeld("bart")
    bart.link(re.compile("publiceren"))
    bart.knop("Goedkeuren en publiceren")
    bart.ziet("De oproep is gepubliceerd.")


def _submission(an: Bezoeker, *, js: bool) -> str:
    klok.zet(bouw.OPEN)
    an.ga("/")
    an.link("Zorgzame buurten")
    an.ziet("maandag 8 november 2021 om 9.00 uur")
    an.link("Dossier starten voor Vlaanderen")
    an.meld_aan("an")
    an.kies("Voor welke organisatie vraagt u aan?", "Aartselaar")
    an.knop("Dossier starten")
    nummer = str(Dossier.objects.get().nummer)
    for label, antwoord in VRAGEN.items():
        an.vul(re.compile(label), antwoord)
    an.kies("Dorpskern")
    if js:
        an.page.get_by_text("Bewaard om").wait_for()
    an.knop("Bewaren en verder")
    _incomplete(an, nummer)
    an.vul("Titel van het project", "De Warme Buurt")
    an.vul("Rekeningnummer (IBAN)", "BE68 5390 0754 7034")
    an.vul("Welk bedrag vraagt u?", "1.234,56")
    for plaats, (omschrijving, bedrag) in enumerate(
        [("Buurtwerker", "1334.56"), ("", ""), ("", ""), ("Gemeente", "100")]
    ):
        an.vul("Omschrijving", omschrijving, plaats)
        an.vul(re.compile("^Bedrag"), bedrag, plaats)
    an.knop("Bewaren en verder")
    _attach(an, js=js)
    an.link("Verder naar nakijken en indienen")
    an.knop("Dossier indienen")
    an.ziet("Ontvangstbewijs")
    with an.page.expect_download() as ophalen:
        an.page.get_by_role("link", name=re.compile("json")).click()
    bewijs = json.loads(Path(ophalen.value.path()).read_text(encoding="utf-8"))
    assert json.loads(bewijs["inhoud"])["gevraagd_cent"] == 123456
    an.link("Naar uw dossier")
    an.ziet("De Warme Buurt")
    return nummer


def _attach(an: Bezoeker, *, js: bool) -> None:
    """Add a file: it goes up by itself where there is a script."""
    if not js:
        an.knop("Toevoegen", status=422)
        an.ziet("Kies eerst een of meer bestanden.")
    an.bestand("Bestanden toevoegen")
    if js:
        expect(an.page.locator("[data-opladen-stand]")).to_have_text("1 bestand bewaard.")
        an.kijk_na()
    else:
        an.knop("Toevoegen")
    an.ziet("netwerk.pdf")


def _incomplete(an: Bezoeker, nummer: str) -> None:
    """Look what is missing, and come back to the budget with an account that is none."""
    terug = an.page.url
    an.ga(f"/dossiers/{nummer}/indienen/")
    an.ziet("Wat er nog ontbreekt")
    an.ga(terug)
    an.vul("Rekeningnummer (IBAN)", "BE00 1111")
    an.knop("Bewaren en verder", status=422)
    an.ziet("Er is een probleem")


def _jury(bea: Bezoeker, nummer: str, leden: dict[str, Bezoeker]) -> None:
    klok.zet(bouw.GESLOTEN)
    bea.taak("sluiten")
    bea.knop("Ronde sluiten")
    bea.taak("Ontvankelijkheid", nummer)
    bea.link("Ontvankelijkheid beoordelen")
    bea.knop("Oordeel bewaren", status=422)
    bea.kies("Ontvankelijk")
    bea.vul("Motivering", "Alles is er.")
    bea.knop("Oordeel bewaren")
    bea.taak("Beoordeling starten")
    bea.knop("Beoordeling starten")
    bea.link(re.compile(nummer))
    bea.link("Jury en advies")
    for naam in ("jef", "joke"):
        bea.kies("Jurylid", f"{naam.capitalize()} Proef")
        bea.knop("Toewijzen")
    for naam in ("jef", "joke"):
        _score(leden[naam].aangemeld(naam), nummer)
    vic = leden["vic"].aangemeld("vic")
    vic.link(re.compile("Advies over"))
    vic.kies("Gunstig")
    vic.vul("Motivering", "Een sterk netwerk.")
    vic.knop("Advies vaststellen")
    vic.ziet("Het advies is vastgesteld.")


def _score(lid: Bezoeker, nummer: str) -> None:
    lid.link(re.compile(nummer))
    lid.vul(re.compile(r"^Punten \(0 tot"), "11")
    lid.knop("Bewaren", status=422)
    velden = lid.page.get_by_label(re.compile(r"^Punten \(0 tot")).count()
    for plaats in range(velden):
        lid.vul(re.compile(r"^Punten \(0 tot"), "8", plaats)
        lid.vul("Motivering", "Goed uitgewerkt.", plaats)
    lid.knop("Bewaren")
    lid.ziet("Uw punten zijn bewaard.")
    adres = lid.page.url
    lid.knop("Bewaren en indienen")
    lid.ziet("Uw scoreblad is ingediend.")
    lid.ga(adres)
    lid.ziet("op 100")


def _award(bea: Bezoeker, bart: Bezoeker, an: Bezoeker, nummer: str) -> None:
    klok.zet(bouw.BESLIST - timedelta(days=3))
    bea.taak("rangschikking")
    bea.knop("Rangschikking opmaken")
    bea.link("Rangschikking en besluit")
    bea.knop("Ter ondertekening voorleggen")
    klok.zet(bouw.BESLIST)
    bart.taak("Ondertekening")
    bart.vul("Nummer van het besluit", "MB-1")
    bart.vul("Datum van ondertekening", "2022-02-01")
    bart.knop("Registreren en vastleggen", status=422)
    bart.vul("Nummer van het besluit", "MB-1")
    bart.vul("Datum van ondertekening", "2022-02-01")
    bart.bestand("Het ondertekende besluit", "besluit.pdf")
    bart.knop("Registreren en vastleggen")
    an.ga(f"/dossiers/{nummer}/")
    an.ziet("In beoordeling")
    an.ziet_niet("Toegekend")
    bea.taak("kennis")
    bea.knop("Aanvragers kennis geven")
    an.ga(f"/dossiers/{nummer}/")
    an.ziet("Toegekend")
    an.ziet("1.234,56")


def _payment(bea: Bezoeker, bart: Bezoeker, bo: Bezoeker, nummer: str) -> None:
    bea.taak("opstellen", nummer)
    bea.knop("Betaling opstellen")
    bart.taak("controleren", nummer)
    bart.knop("Goedkeuren")
    bo.aangemeld("bo")
    bo.link(re.compile("versturen"))
    bo.knop("Gekozen betalingen versturen")
    bo.taak("uitbetaald", nummer)
    bo.vul("Datum", "2022-02-01")
    bo.knop("Melden")
    bo.ziet("De betaling is als uitbetaald gemeld.")


def _report(an: Bezoeker, bea: Bezoeker, nummer: str) -> None:
    klok.zet(klok.brussel(2023, 3, 1, 10))
    an.taak("verslag")
    an.vul("Wat deed het project", "Elke week zaten dertig buren aan tafel.")
    an.vul("Welke kosten", "617,28")
    an.knop("Verslag indienen")
    bea.taak("nakijken")
    bea.kies("Goedkeuren")
    bea.knop("Oordeel bewaren")
    bea.ziet("Uw oordeel is bewaard.")
    bea.ziet("Goedgekeurd")
    assert Indiening.objects.count() == 1
