"""The letter of a decision: motivated, complete, told to nobody too early, and always the same bytes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from beoordeling import services as beoordeling
from beoordeling.queries import regel_van_brief
from beoordeling.stukken import brief, brief_feiten
from betalingen import services as betalingen
from betalingen.models import Betaling
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.beroep import BEROEP
from dossiers.models import Dossier, Verslag
from kern import klok, outbox, pdf
from kern.models import Uitgaand
from oproepen import services as oproepen
from organisaties.models import Organisatie
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.dossiers.test_stukken import haal, lees
from tests.onthouden import onthoudt

pytestmark = pytest.mark.django_db

ADVIES = "Het netwerk is breed, maar „later” ontbreekt. <i>Ștefan</i> & co 😀.\n\n" + "De jury vraagt een plan. " * 200
GEZIEN = "Het netwerk is breed, maar „later” ontbreekt. <i>Ștefan</i> & co [U+1F600]."
TITEL = "De Warme Buurt " * 13


@pytest.fixture
@onthoudt
def drie():
    """Give Aartselaar an award, refuse Boom on quality and the vzw for want of budget; signed, not yet told."""
    w = bouw.wereld(luik_cent=150_000_00)
    vzw = bouw.concept(w, "an", w.vzw)
    rijen = [bouw.volledig(w, "an", gevraagd_cent=99_999_99, titel=TITEL.strip()), bouw.volledig(w, "ben"), vzw]
    _vul_in(vzw, w)
    for rij, door in zip(rijen, (w.an, w.ben, w.an), strict=True):
        dossiers.dien_in(rij, door=door, ontvangen_op=klok.nu())
    bouw.sluit(w)
    for rij in rijen:
        dossiers.verklaar_ontvankelijk(rij, motivering="Alles is er.", door=w.bea)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    for rij, punten in zip(rijen, (8, 3, 7), strict=True):
        for plaats, jurylid in enumerate((w.jef, w.joke, w.jana)):
            blad = beoordeling.wijs_toe(rij, jurylid=jurylid, door=w.bea)
            # The first criterion differs: 8, 9 and 9 make a mean of 8,67.
            scores = {
                c.pk: (punten + (1 if nummer == 0 and plaats else 0), "Goed.")
                for nummer, c in enumerate(w.oproep.criteria.all())
            }
            blad = beoordeling.bewaar_scores(blad, scores, door=jurylid)
            beoordeling.dien_scoreblad_in(blad, door=jurylid)
        beoordeling.stel_advies_vast(rij, gunstig=punten > 5, motivering=ADVIES, door=w.vic)
    klok.zet(bouw.BESLIST - timedelta(days=7))
    besluit = beoordeling.stel_voor(w.ronde, door=w.bea)
    w.extra["besluit"] = beoordeling.leg_besluit_voor(besluit, door=w.bea)
    w.extra["dossiers"] = [bouw.opnieuw(rij) for rij in rijen]
    klok.zet(bouw.BESLIST)
    return w


def _vul_in(dossier, w):
    for sleutel in ("buurtanalyse", "doelgroep", "acties", "netwerk"):
        opmaak.bewaar_antwoord(dossier, sleutel, "Antwoord.", 0, door=w.an)
    opmaak.bewaar_antwoord(dossier, "bewoners", "1200", 0, door=w.an)
    opmaak.bewaar_antwoord(dossier, "soort_buurt", "Dorpskern", 0, door=w.an)
    regels = [("kost", "Buurtwerker", 60_000_00)]
    velden = {"titel": "Straat", "iban": bouw.IBAN, "gevraagd_cent": 60_000_00, "regels": regels, "versie": 0}
    opmaak.bewaar_gegevens(dossier, **velden, door=w.an)
    opmaak.voeg_bijlage_toe(dossier, bouw.upload(), door=w.an)


@pytest.fixture
def getekend(drie):
    bouw.onderteken(drie, drie.extra["besluit"])
    return drie


@pytest.fixture
def verteld(getekend):
    klok.zet(bouw.BESLIST + timedelta(days=2))
    beoordeling.geef_kennis(getekend.extra["besluit"], door=getekend.bea)
    return getekend


def test_an_award(verteld):
    toegekend = verteld.extra["dossiers"][0]
    gelezen = lees(verteld.an, "brief_pdf", toegekend)
    assert ("H1", "U krijgt een subsidie") in gelezen.elementen()
    assert gelezen.pdf.metadata.creation_date == bouw.BESLIST + timedelta(days=2)
    nummer = toegekend.nummer
    for feit in (
        f"Kenmerk {nummer} Besluit MB-2022-1 Datum 3 februari 2022",
        "Aartselaar Ondernemingsnummer 0207.508.932",
        (
            f"U diende dossier {nummer}, “{TITEL.strip()}”, in voor de oproep Zorgzame buurten (Vlaanderen). "
            "Uw project krijgt een subsidie."
        ),
        "Toegekende subsidie: € 99.999,99",
        "Beslissing Toekenning Besluit MB-2022-1 van 1 februari 2022",
        "Genomen door de Vlaamse minister bevoegd voor Welzijn, Volksgezondheid en Gezin",
        "Gevraagd € 99.999,99 Score en rang 82,00 op 100, plaats 1 in de rangschikking",
        "Uw project loopt van 1 maart 2022 tot en met 29 februari 2024.",
        "op rekening BE68 5390 0754 7034.",
        "Eerste schijf Na de vastlegging 50 % € 49.999,99",
        "Tweede schijf Na goedkeuring van het tussentijds verslag 40 % € 39.999,99",
        "Saldo Na goedkeuring van het eindverslag 10 % € 10.000,01",
        "Samen € 99.999,99",
        "Tussentijds verslag 31 maart 2023 Eindverslag 31 mei 2024",
        "wet van 16 mei 2003, artikel 11",
        "De jury gaf het dossier 82,00 op 100.",
        f"Juryadvies: {GEZIEN}",
        " ".join(["De jury vraagt een plan."] * 200),
        "Kwaliteit van het project 30 8,67 op 10 Netwerk en samenwerking 25 8,00 op 10",
        "Score 100 82,00 op 100",
        BEROEP,
        f"en vermeld het kenmerk {nummer}.",
    ):
        assert feit in gelezen.tekst, feit
    assert "nog niet" not in gelezen.tekst


def test_a_refusal_on_quality(verteld):
    tekst = lees(verteld.ben, "brief_pdf", verteld.extra["dossiers"][1]).tekst
    for feit in (
        "U krijgt geen subsidie",
        "Uw project krijgt geen subsidie, omdat het de minimumscore van 60 op 100 niet haalt.",
        "Beslissing Weigering: minimumscore niet gehaald",
        "Score en rang 32,00 op 100, plaats 3 in de rangschikking",
        "De jury gaf het dossier 32,00 op 100. De minimumscore is 60.",
        f"Juryadvies: {GEZIEN}",
        "Kwaliteit van het project 30 3,67 op 10",
        BEROEP,
    ):
        assert feit in tekst, feit
    for niet in ("Toegekende", "rekening", "Schijf", "Wat wij van u verwachten", "€ 0,00"):
        assert niet not in tekst


def test_a_refusal_for_want_of_budget(verteld):
    tekst = lees(verteld.an, "brief_pdf", verteld.extra["dossiers"][2]).tekst
    for feit in (
        "De Warme Straat",
        "Uw project haalt de minimumscore van 60 op 100, maar krijgt geen subsidie, omdat het budget opgebruikt is",
        "Beslissing Weigering: budget opgebruikt",
        "Gevraagd € 60.000,00 Score en rang 72,00 op 100, plaats 2 in de rangschikking",
        BEROEP,
    ):
        assert feit in tekst, feit
    assert "Ondernemingsnummer" not in tekst, "the vzw has none"


def test_before_the_signature_there_is_no_letter(drie):
    for wie in ("an", "bea", "bart", "aude", "vic", "jef"):
        haal(drie.mensen[wie], "brief_pdf", drie.extra["dossiers"][0], 404)


def test_from_the_signature_on_staff_reads_it_and_the_applicant_does_not(getekend):
    w, rij = getekend, getekend.extra["dossiers"][0]
    haal(w.an, "brief_pdf", rij, 404)
    for wie in ("vic", "jef", "ben", "stan", "beheer"):
        haal(w.mensen[wie], "brief_pdf", rij, 404)
    for wie in ("bea", "bart", "bo", "aude"):
        tekst = lees(w.mensen[wie], "brief_pdf", rij).tekst
        assert "Deze brief is nog niet ter kennis gegeven." in tekst
        assert "Datum nog niet verstuurd" in tekst
    # Whoever works for the track and belongs to the applicant is the applicant here.
    voeg_lid_toe(w.aartselaar, email=w.bart.email, rol="medewerker", door=w.an)
    haal(w.bart, "brief_pdf", rij, 404)


def test_once_told_the_applicant_and_staff_read_the_same_letter(verteld):
    rij = verteld.extra["dossiers"][0]
    inhoud = haal(verteld.an, "brief_pdf", rij)
    for wie in ("bea", "bart", "bo", "aude"):
        assert haal(verteld.mensen[wie], "brief_pdf", rij) == inhoud
    for wie in ("ben", "stan", "vic", "jef", "beheer"):
        haal(verteld.mensen[wie], "brief_pdf", rij, 404)
    haal(None, "brief_pdf", rij, 302)


def test_what_happens_later_does_not_change_the_letter(verteld):
    w, rij = verteld, verteld.extra["dossiers"][0]
    eerst = haal(w.an, "brief_pdf", rij)
    betaling = Betaling.objects.filter(dossier=rij).earliest("pk")
    betalingen.stel_betaling_op(betaling, door=w.bea)
    betalingen.keur_betaling_goed(betaling, door=w.bart)
    betalingen.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    verslag = Verslag.objects.filter(dossier=rij).earliest("uiterlijk")
    Verslag.objects.filter(pk=verslag.pk).update(uiterlijk=klok.brussel(2023, 6, 30).date())
    dossiers.dien_verslag_in(verslag, tekst="Klaar.", kosten_cent=1, bestand=None, door=w.an)
    Organisatie.objects.filter(pk=w.aartselaar.pk).update(naam="Groot-Aartselaar", gemeente="Elders")
    with klok.op(klok.brussel(2030, 1, 1)):
        assert haal(w.bo, "brief_pdf", rij) == eerst


@pytest.mark.parametrize("wie", ["an", "bea"])
def test_the_number_of_queries(verteld, django_assert_max_num_queries, wie):
    client = Client()
    client.force_login(verteld.mensen[wie])
    with django_assert_max_num_queries(12):
        client.get(reverse("brief_pdf", args=[verteld.extra["dossiers"][0].nummer]))


def test_making_the_letter_asks_the_database_nothing(verteld, django_assert_num_queries):
    dossier = Dossier.objects.select_related("organisatie", "ronde__luik__oproep").get(
        pk=verteld.extra["dossiers"][0].pk
    )
    feiten = brief_feiten(dossier, regel_van_brief(dossier, gemeld=True))
    with django_assert_num_queries(0):
        pdf.maak(brief(feiten))


def test_the_letter_comes_along_with_the_mail_that_the_runner_sends(verteld):
    assert mail.outbox == []
    outbox.werk_alles_af()
    for wie, rij in zip(("an", "ben", "an"), verteld.extra["dossiers"], strict=True):
        onderwerp = f"Beslissing over uw dossier {rij.nummer}"
        (ontvangen,) = (m for m in mail.outbox if m.subject == onderwerp)
        assert ontvangen.to == [f"{wie}@voorbeeld.test"]
        inhoud = haal(verteld.mensen[wie], "brief_pdf", rij)
        assert ontvangen.attachments == [(f"brief-{rij.nummer}.pdf", inhoud, "application/pdf")]
        assert BEROEP in ontvangen.body
    assert not Uitgaand.objects.filter(klaar_op=None).exists()


def test_nothing_is_made_inside_the_act(getekend, monkeypatch):
    def nooit(stuk):
        raise AssertionError("een document hoort niet in de transactie")

    monkeypatch.setattr(pdf, "maak", nooit)
    beoordeling.geef_kennis(getekend.extra["besluit"], door=getekend.bea)


def test_the_page_offers_the_letter_to_who_may_read_it(getekend):
    rij = getekend.extra["dossiers"][0]
    link = f'href="/dossiers/{rij.nummer}/brief.pdf"'

    def pagina(wie):
        client = Client()
        client.force_login(wie)
        return client.get(reverse("dossier", args=[rij.nummer])).content.decode()

    assert link in pagina(getekend.bea)
    assert link not in pagina(getekend.an)
    assert link not in pagina(getekend.vic)
    beoordeling.geef_kennis(getekend.extra["besluit"], door=getekend.bea)
    assert link in pagina(getekend.bea)
    assert link in pagina(getekend.an)
    assert link not in pagina(getekend.vic)
