"""The receipt, the whole dossier and the letter of inadmissibility: read back, to whom, and always the same bytes."""

import hashlib
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from dossiers import opmaak
from dossiers import services as dossiers
from dossiers.beroep import BEROEP
from dossiers.models import Indiening, IndieningInhoud
from dossiers.stukken import dossier_bestand, ontvangstbewijs_bestand
from kern import klok, outbox
from organisaties.models import Organisatie
from tests import bouw
from tests.onthouden import onthoudt
from tests.pdflezer import Gelezen

pytestmark = pytest.mark.django_db

KWAAD = "<b>Buurt</b> & Ștefan “café” €\u00a05 😀"


def haal(wie, naam, dossier, status=200):
    client = Client()
    if wie is not None:
        client.force_login(wie)
    antwoord = client.get(reverse(naam, args=[dossier.nummer]))
    assert antwoord.status_code == status
    return b"".join(antwoord) if status == 200 else b""


def lees(wie, naam, dossier):
    return Gelezen(haal(wie, naam, dossier))


@pytest.fixture
@onthoudt
def ingediend(wereld):
    with klok.op(klok.brussel(2021, 10, 4, 14, 5, 9)):
        return bouw.ingediend(wereld, gevraagd_cent=99_999_01)


def test_the_receipt_tells_what_when_and_from_whom(wereld, ingediend):
    gelezen = lees(wereld.an, "ontvangstbewijs_pdf", ingediend)
    assert gelezen.pdf.metadata.title == "Ontvangstbewijs"
    assert gelezen.pdf.metadata.creation_date == ingediend.ingediend_op
    for feit in (
        f"Wij hebben dossier {ingediend.nummer}, “De Warme Buurt”, goed ontvangen.",
        "Ontvangen maandag 4 oktober 2021 om 14.05 uur (zomertijd)",
        "Ontvangstnummer 1 in deze ronde",
        "Oproep Zorgzame buurten, Vlaanderen, ronde 1",
        "Organisatie Aartselaar",
        "Ondernemingsnummer 0207.508.932",
        "Ingediend door An Proef",
        "Gevraagde subsidie € 99.999,01",
        "Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin",
        f"ontvangstbewijs-{ingediend.nummer}.json",
    ):
        assert feit in gelezen.tekst, feit


def test_a_receipt_in_winter_says_so(wereld):
    klok.zet(klok.brussel(2021, 11, 2, 8, 0))
    assert "om 8.00 uur (wintertijd)" in lees(wereld.an, "ontvangstbewijs_pdf", bouw.ingediend(wereld)).tekst


def test_the_receipt_can_be_checked_with_the_paper_alone(wereld, ingediend):
    alineas = [tekst for soort, tekst in lees(wereld.an, "ontvangstbewijs_pdf", ingediend).elementen("P")]
    regel = alineas[alineas.index("Ontvangstregel") + 1]
    (blad, inhoud) = (tekst.replace(" ", "") for tekst in alineas if re.fullmatch(r"([0-9a-f]{8} ?){8}", tekst))
    assert hashlib.sha256(b"\0" + regel.encode()).hexdigest() == blad
    assert f'"snapshot":"{inhoud}"' in regel
    indiening = bouw.laatste_indiening(ingediend)
    assert (bytes(indiening.blad).hex(), bytes(indiening.snapshot_hash).hex()) == (blad, inhoud)


def test_the_receipt_is_one_page(wereld, ingediend):
    assert len(lees(wereld.an, "ontvangstbewijs_pdf", ingediend).pdf.pages) == 1


def test_the_whole_dossier(wereld):
    dossier = bouw.volledig(wereld, titel=KWAAD)
    lang = "\n\n".join(f"Alinea {i} over {KWAAD}." for i in range(50))
    opmaak.bewaar_antwoord(dossier, "acties", lang, 1, door=wereld.an)
    blad = bouw.xlsx()
    opmaak.voeg_bijlage_toe(dossier, bouw.upload("kosten.xlsx", blad), door=wereld.an)
    dossiers.dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    gelezen = lees(wereld.an, "dossier_pdf", dossier)
    gezien = "<b>Buurt</b> & Ștefan “café” € 5 [U+1F600]"
    assert ("H1", gezien) in gelezen.elementen()
    for vraag in dossier.formulierversie.vragen.all():
        assert ("H2", vraag.label) in gelezen.elementen()
    for feit in (
        *(f"Alinea {i} over {gezien}." for i in range(50)),
        "Antwoord over buurtanalyse.",
        "Soort organisatie Gemeente",
        "Rechtsvorm Lokaal bestuur",
        "Rekening BE68 5390 0754 7034",
        "Gevraagde subsidie € 100.000,00",
        "Buurtwerker € 100.000,00 Lokaal € 5.000,00 Totaal kosten € 105.000,00",
        "Gemeente € 5.000,00 Gevraagde subsidie € 100.000,00 Totaal inkomsten € 105.000,00",
    ):
        assert feit in gelezen.tekst, feit
    for naam, inhoud in (("netwerk.pdf (45 bytes)", bouw.PDF), ("kosten.xlsx", blad)):
        assert naam in gelezen.tekst
        assert hashlib.sha256(inhoud).hexdigest() in gelezen.tekst.replace(" ", "")
    assert bytes(bouw.laatste_indiening(dossier).snapshot_hash).hex() in gelezen.tekst.replace(" ", "")


def test_a_dossier_with_forty_attachments_lists_them_all(wereld):
    dossier = bouw.volledig(wereld)
    namen = [f"{'bijlage met een lange naam ' * 5}{i}.pdf" for i in range(39)]
    for plaats, naam in enumerate(namen):
        opmaak.voeg_bijlage_toe(dossier, bouw.upload(naam, bouw.PDF + b"%d" % plaats), door=wereld.an)
    dossiers.dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    tekst = lees(wereld.an, "dossier_pdf", dossier).tekst
    assert all(naam in tekst for naam in namen)


def test_an_unanswered_question_says_so(wereld):
    dossier = bouw.ingediend(wereld)
    dossier.formulierversie.vragen.create(sleutel="later", volgorde=99, soort="kort", label="Nog iets?")
    elementen = lees(wereld.an, "dossier_pdf", dossier).elementen()
    assert elementen[elementen.index(("H2", "Nog iets?")) + 1] == ("P", "Niet ingevuld.")


@pytest.mark.parametrize("naam", ["ontvangstbewijs_pdf", "dossier_pdf"])
def test_only_who_may_see_a_dossier_gets_its_documents(wereld, ingediend, naam):
    for wie in ("an", "bea", "bart", "bo", "aude"):
        assert haal(wereld.mensen[wie], naam, ingediend).startswith(b"%PDF-1.7")
    for wie in ("ben", "stan", "jef", "beheer"):
        haal(wereld.mensen[wie], naam, ingediend, 404)
    haal(wereld.vic, naam, ingediend, 200 if naam == "dossier_pdf" else 404)
    haal(None, naam, ingediend, 302)


@pytest.mark.parametrize("naam", ["ontvangstbewijs_pdf", "dossier_pdf", "brief_pdf"])
def test_a_draft_has_no_documents(wereld, naam):
    haal(wereld.an, naam, bouw.volledig(wereld), 404)


def test_documents_are_for_download_only_and_are_not_sniffed(wereld, ingediend):
    client = Client()
    client.force_login(wereld.an)
    antwoord = client.get(reverse("dossier_pdf", args=[ingediend.nummer]))
    assert antwoord["Content-Type"] == "application/pdf"
    assert antwoord["Content-Disposition"] == f'attachment; filename="dossier-{ingediend.nummer}.pdf"'
    assert (antwoord["X-Content-Type-Options"], antwoord["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert client.post(reverse("dossier_pdf", args=[ingediend.nummer])).status_code == 405


def test_who_only_judges_does_not_get_the_account_number(wereld, ingediend):
    assert "BE68" not in lees(wereld.vic, "dossier_pdf", ingediend).tekst
    assert "Rekening BE68 5390 0754 7034" in lees(wereld.bea, "dossier_pdf", ingediend).tekst


def test_the_same_bytes_whoever_asks_and_whenever(wereld, ingediend):
    eerst = [haal(wereld.an, naam, ingediend) for naam in ("ontvangstbewijs_pdf", "dossier_pdf")]
    # The organisation has another name since; what was handed in has not.
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(naam="Groot-Aartselaar", gemeente="Elders", kbo=None)
    with klok.op(klok.brussel(2024, 1, 1)):
        assert eerst == [haal(wereld.bea, naam, ingediend) for naam in ("ontvangstbewijs_pdf", "dossier_pdf")]


def test_erased_content_leaves_the_receipt_and_no_dossier(wereld, ingediend):
    eerst = haal(wereld.an, "ontvangstbewijs_pdf", ingediend)
    IndieningInhoud.objects.all()._raw_delete("default")
    haal(wereld.an, "dossier_pdf", ingediend, 404)
    assert haal(wereld.an, "ontvangstbewijs_pdf", ingediend) == eerst
    assert dossier_bestand(bouw.laatste_indiening(ingediend), met_rekening=True) is None


@pytest.mark.parametrize("naam", ["ontvangstbewijs_pdf", "dossier_pdf"])
@pytest.mark.parametrize("wie", ["an", "bea"])
def test_the_number_of_queries(wereld, ingediend, django_assert_max_num_queries, naam, wie):
    client = Client()
    client.force_login(wereld.mensen[wie])
    with django_assert_max_num_queries(12):
        client.get(reverse(naam, args=[ingediend.nummer]))


def test_making_a_document_asks_the_database_nothing(wereld, ingediend, django_assert_num_queries):
    from dossiers import stukken
    from kern import pdf

    velden = ("dossier__organisatie", "dossier__ronde__luik__oproep", "bewaarde_inhoud", "ingediend_door")
    indiening = Indiening.objects.select_related(*velden).get()
    feiten = stukken.ontvangst_feiten(indiening), stukken.inhoud_feiten(indiening, met_rekening=True)
    with django_assert_num_queries(0):
        for maker, deel in zip((stukken.ontvangstbewijs, stukken.dossierstuk), feiten, strict=True):
            pdf.maak(maker(deel))


def test_the_pages_offer_the_documents(wereld, ingediend):
    client = Client()
    client.force_login(wereld.an)
    bewijs = client.get(reverse("dossier_ontvangstbewijs", args=[ingediend.nummer])).content.decode()
    assert f'href="/dossiers/{ingediend.nummer}/ontvangstbewijs.pdf"' in bewijs
    pagina = client.get(reverse("dossier", args=[ingediend.nummer])).content.decode()
    assert f'href="/dossiers/{ingediend.nummer}/dossier.pdf"' in pagina
    assert "brief.pdf" not in pagina


def test_the_receipt_comes_along_with_the_mail(wereld, ingediend):
    klok.zet(klok.brussel(2021, 10, 4, 15))
    outbox.werk_alles_af()
    (brief,) = mail.outbox
    assert brief.attachments == [
        (
            f"ontvangstbewijs-{ingediend.nummer}.pdf",
            haal(wereld.an, "ontvangstbewijs_pdf", ingediend),
            "application/pdf",
        )
    ]
    assert ontvangstbewijs_bestand(bouw.laatste_indiening(ingediend)).inhoud == brief.attachments[0][1]


@pytest.fixture
@onthoudt
def onontvankelijk(wereld, ingediend):
    bouw.sluit(wereld)
    klok.zet(klok.brussel(2021, 11, 15, 10))
    motivering = f"De bijlage is leeg. {KWAAD}\n\n" + "Zij hoort ingevuld te zijn. " * 300
    dossiers.verklaar_onontvankelijk(ingediend, motivering=motivering, door=wereld.bea)
    return bouw.opnieuw(ingediend)


def test_the_letter_of_an_inadmissible_dossier(wereld, onontvankelijk):
    gelezen = lees(wereld.an, "brief_pdf", onontvankelijk)
    assert gelezen.pdf.metadata.title == "Uw dossier is onontvankelijk"
    assert gelezen.pdf.metadata.creation_date == klok.brussel(2021, 11, 15, 10)
    for feit in (
        f"U diende dossier {onontvankelijk.nummer}, “De Warme Buurt”, in voor de oproep Zorgzame buurten.",
        "Beslissing Onontvankelijk",
        "Datum 15 november 2021",
        "Genomen namens Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin",
        "De bijlage is leeg. <b>Buurt</b> & Ștefan “café” € 5 [U+1F600]",
        " ".join(["Zij hoort ingevuld te zijn."] * 300),
        BEROEP,
    ):
        assert feit in gelezen.tekst, feit
    assert len(gelezen.pdf.pages) > 2


def test_the_letter_of_an_inadmissible_dossier_is_for_applicant_and_staff_and_in_the_mail(wereld, onontvankelijk):
    inhoud = haal(wereld.an, "brief_pdf", onontvankelijk)
    for wie in ("bea", "bart", "bo", "aude"):
        assert haal(wereld.mensen[wie], "brief_pdf", onontvankelijk) == inhoud
    for wie in ("ben", "stan", "jef", "vic", "beheer"):
        haal(wereld.mensen[wie], "brief_pdf", onontvankelijk, 404)
    outbox.werk_alles_af()
    brief = mail.outbox[-1]
    assert brief.subject == f"Uw dossier {onontvankelijk.nummer} is onontvankelijk"
    assert brief.attachments == [(f"brief-{onontvankelijk.nummer}.pdf", inhoud, "application/pdf")]
    assert BEROEP in brief.body


def test_the_page_of_an_inadmissible_dossier_offers_the_letter(wereld, onontvankelijk):
    for wie in (wereld.an, wereld.bea):
        client = Client()
        client.force_login(wie)
        pagina = client.get(reverse("dossier", args=[onontvankelijk.nummer])).content.decode()
        assert f'href="/dossiers/{onontvankelijk.nummer}/brief.pdf"' in pagina
