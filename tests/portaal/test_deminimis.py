"""Pages about de-minimis aid: the declaration of the applicant, the warnings for staff, the list for the register."""

import copy
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beoordeling import services as beoordeling
from dossiers import services as dossiers
from dossiers.controles import verklaringen_kloppen
from dossiers.deminimis.opmaak import GEWIJZIGD, bewaar_verklaring, verklaring_van
from dossiers.ontvangstbewijs import ingediend, snapshot
from dossiers.volledig import gebreken
from kern import klok
from oproepen import services as oproepen
from oproepen.models import Luik
from organisaties.models import Gebruiker
from tests import bouw
from tests import deminimis as proef
from tests.bladen import csv_rijen
from tests.deminimis import K
from tests.hulp import alles_klopt, ongewijzigd, weigert
from tests.pdflezer import Gelezen
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def gebouwd(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield proef.wereld(bouw.wereld())
        transaction.set_rollback(True)
    klok.laat_los()


@pytest.fixture
def w(gebouwd, db):
    klok.zet(bouw.OPEN)
    return copy.deepcopy(gebouwd)


def client_van(wie):
    client = Client()
    client.force_login(wie)
    return client


def tekst_van(wie, naam, *args):
    return keur(client_van(wie).get(reverse(naam, args=args))).tekst.replace("\xa0", " ")


def formulier(*rijen, **velden):
    """Return what the page posts: rows as (granter, day, amount, regulation)."""
    data = {"keuze": "wel", "verbonden": "", "versie": "0", "regels-TOTAL_FORMS": str(max(len(rijen), 1))}
    data |= {"regels-INITIAL_FORMS": "0"} | velden
    for i, rij in enumerate(rijen):
        data |= {
            f"regels-{i}-{n}": w for n, w in zip(("verstrekker", "datum", "bedrag", "verordening"), rij, strict=True)
        }
    return data


STAD = ("Stad Antwerpen", "2021-03-01", "1.234,56", "algemeen")


def test_the_public_page_says_under_which_regulation_a_track_falls(w):
    tekst = keur(Client().get(reverse("oproep", args=[w.oproep.slug]))).tekst
    assert "Verordening (EU) 2023/2831" in tekst
    assert "2023/2831" not in keur(Client().get(reverse("oproep", args=["zorgzame-buurten"]))).tekst


def test_the_declaration_is_filled_in_and_is_part_of_the_submission(w):
    dossier = bouw.volledig(w)
    adres = reverse("dossier_deminimis", args=[dossier.nummer])
    assert adres in client_van(w.an).get(reverse("dossier_bijlagen", args=[dossier.nummer])).content.decode()
    p = keur(client_van(w.an).get(adres))
    assert "Verordening (EU) 2023/2831" in p.tekst and "300.000" in p.tekst
    tekst = tekst_van(w.an, "dossier_indienen", dossier.nummer)
    assert "Zeg of uw onderneming de voorbije drie jaar de-minimissteun kreeg." in tekst
    zin = "Zeg of uw onderneming de voorbije drie jaar de-minimissteun kreeg."
    with weigert("verklaring_ontbreekt", zin, "keuze"):
        dossiers.dien_in(dossier, door=w.an, ontvangen_op=klok.nu())
    antwoord = client_van(w.an).post(adres, formulier(STAD, op_eer="on", verbonden="Zuster nv, 0207506952"))
    assert antwoord["Location"] == reverse("dossier_indienen", args=[dossier.nummer])
    assert "Stad Antwerpen" in client_van(w.an).get(adres).content.decode()
    dossiers.dien_in(dossier, door=w.an, ontvangen_op=klok.nu())
    assert ingediend(bouw.opnieuw(dossier))["deminimis"] == {
        "verordening": "algemeen",
        "keuze": "wel",
        "verbonden": "Zuster nv, 0207506952",
        "op_eer": True,
        "steun": [
            {"verstrekker": "Stad Antwerpen", "datum": "2021-03-01", "bedrag_cent": 1_234_56, "verordening": "algemeen"}
        ],
    }
    for wie in (w.an, w.bea):
        tekst = tekst_van(wie, "dossier", dossier.nummer)
        assert "€ 1.234,56 van Stad Antwerpen" in tekst and "Zuster nv" in tekst
    stuk = client_van(w.bea).get(reverse("dossier_pdf", args=[dossier.nummer])).getvalue()
    tekst = Gelezen(stuk).tekst.replace("\xa0", " ")
    assert "1.234,56 van Stad Antwerpen, toegekend op 1 maart 2021" in tekst and "Zuster nv" in tekst
    assert client_van(w.an).post(adres, formulier()).status_code == 302  # handed in: nothing changes any more
    assert verklaring_van(dossier).keuze == "wel"
    alles_klopt()


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(w):
    dossier = bouw.volledig(w)
    adres = reverse("dossier_deminimis", args=[dossier.nummer])
    client = client_van(w.an)
    with ongewijzigd():
        p = keur(client.post(adres, formulier(("Stad Gent", "2031-01-01", "", "algemeen"))))
    assert p.fouten("regels-0-bedrag") == ["Vul het bedrag in."]
    assert p.fouten("regels-0-datum") == ["De datum ligt in de toekomst."]
    assert 'value="Stad Gent"' in client_van(w.an).post(adres, formulier(("Stad Gent", "", "", ""))).content.decode()
    client_van(w.an).post(adres, formulier(STAD))
    with ongewijzigd():
        p = keur(client.post(adres, formulier(("Stad Gent", *STAD[1:]))))
    assert GEWIJZIGD in p.tekst
    assert client_van(w.an).post(adres, formulier(("Stad Gent", *STAD[1:]), versie="1")).status_code == 302
    assert verklaring_van(dossier).regels.get().verstrekker == "Stad Gent"


@pytest.mark.parametrize(
    ("keuze", "regels", "op_eer", "verwacht"),
    [
        ("", [], True, ["verklaring_ontbreekt"]),
        ("wel", [], True, ["steun_ontbreekt"]),
        ("geen", [proef.steun(K)], True, ["verklaring_klopt_niet"]),
        ("geen", [], False, ["niet_op_eer"]),
        ("geen", [], True, []),
        ("wel", [proef.steun(K)], True, []),
    ],
)
def test_what_a_declaration_needs_to_be_handed_in(w, keuze, regels, op_eer, verwacht):
    dossier = bouw.volledig(w)
    bewaar_verklaring(dossier, keuze=keuze, verbonden="", op_eer=op_eer, regels=regels, versie=0, door=w.an)
    assert [g.code for g in gebreken(bouw.opnieuw(dossier))] == verwacht


def test_only_the_applicant_declares_and_only_in_a_draft(w):
    dossier = bouw.volledig(w)
    for wie in (w.ben, w.bea, w.jef):
        with weigert("geen_recht"):
            proef.verklaar(dossier, [], wie)
        assert client_van(wie).get(reverse("dossier_deminimis", args=[dossier.nummer])).status_code == 404
    proef.verklaar(dossier, [], w.an)
    dossiers.dien_in(dossier, door=w.an, ontvangen_op=klok.nu())
    with weigert("geen_concept", "Dit dossier is geen concept meer en kan niet meer gewijzigd worden."):
        proef.verklaar(dossier, [], w.an)


def test_a_track_without_a_regulation_asks_nothing_and_its_snapshot_stays_as_it_was(w):
    Luik.objects.update(deminimis="")
    dossier = bouw.volledig(bouw.vers(w))
    assert client_van(w.an).get(reverse("dossier_deminimis", args=[dossier.nummer])).status_code == 404
    assert gebreken(bouw.opnieuw(dossier)) == [] and "deminimis" not in snapshot(bouw.opnieuw(dossier))


def test_staff_are_warned_before_the_award_and_the_applicant_learns_nothing(w):
    rij = proef.ingediend(w, "an", [proef.steun(250 * K)])
    proef.beoordeeld(w, rij)
    zin = f"Dossier {rij.nummer} gaat boven het plafond van de de-minimissteun: 350.000,00 euro in drie jaar"
    assert zin in tekst_van(w.bea, "ronde", w.ronde.pk)
    assert zin in tekst_van(w.bart, "dossier", rij.nummer)
    assert "plafond" not in tekst_van(w.an, "dossier", rij.nummer)
    assert client_van(w.an).get(reverse("deminimis")).status_code == 403
    client = client_van(w.bea)
    client.post(reverse("ronde_stel_voor", args=[w.ronde.pk]), {"begrotingsjaar": "2022"})
    assert zin in keur(client.get(reverse("ronde", args=[w.ronde.pk]))).tekst


@pytest.mark.parametrize("n", [1, 2])
def test_pages_ask_as_many_queries_for_one_as_for_more(w, n):
    rijen = [proef.ingediend(w, wie) for wie in ("an", "ben")[:n]]
    proef.beoordeeld(w, *rijen)
    gevraagd = {}
    client = client_van(w.bea)

    def vraag(naam, *args, zoek=""):
        with CaptureQueriesContext(connection) as vragen:
            antwoord = client.get(reverse(naam, args=args) + zoek)
            assert antwoord.status_code == 200
            _ = antwoord.getvalue() if antwoord.streaming else antwoord.content
        gevraagd[naam] = len(vragen)

    vraag("ronde", w.ronde.pk)
    besluit = proef.stel_voor(w)
    vraag("besluit", besluit.pk)
    klok.zet(bouw.BESLIST)
    bouw.onderteken(w, besluit)
    vraag("deminimis")
    vraag("deminimis_bestand", zoek="?formaat=csv")
    assert gevraagd == {"ronde": 15, "besluit": 10, "deminimis": 6, "deminimis_bestand": 4}


def test_the_check_finds_a_declaration_that_was_changed_after_it_was_handed_in(w):
    rij = proef.ingediend(w, "an", [proef.steun(K)])
    assert list(verklaringen_kloppen()) == []
    verklaring_van(rij).regels.update(bedrag_cent=1)
    zin = f"{rij}: de verklaring van de-minimissteun is niet die van de indiening"
    assert list(verklaringen_kloppen()) == [zin]


def test_a_member_of_the_beneficiary_who_is_staff_learns_nothing_of_the_award_before_its_notification(w):
    rij = proef.toegekend(w)
    oproepen.geef_taak(w.oproep, gebruiker=w.an, rol="auditor", door=Gebruiker.objects.systeem())
    assert rij.nummer in tekst_van(w.bea, "deminimis")
    assert rij.nummer not in tekst_van(w.an, "deminimis")
    beoordeling.geef_kennis(rij.ronde.besluiten.get(), door=w.bea)
    assert rij.nummer in tekst_van(w.an, "deminimis")


def test_the_list_its_sheet_and_the_command(w, tmp_path: Path):
    rij = proef.toegekend(w)
    tekst = tekst_van(w.bea, "deminimis")
    assert rij.nummer in tekst and "Niet verplicht Melding noteren" in tekst and "0207.508.932" in tekst
    assert "Melding noteren" not in tekst_van(w.bart, "deminimis")
    adres = reverse("deminimis_melden", args=[rij.nummer])
    assert client_van(w.bart).get(adres).status_code == 403
    p = keur(client_van(w.bea).post(adres, {"datum": "2021-01-01", "referentie": "SA-1"}))
    assert p.fouten("datum") == ["De datum ligt vóór de toekenning."]
    assert client_van(w.bea).post(adres, {"datum": "2022-02-01", "referentie": "SA-1"}).status_code == 302
    assert "Gemeld op 1 februari 2022 (SA-1)" in tekst_van(w.aude, "deminimis")
    assert client_van(w.bea).get(adres).status_code == 404
    pad = tmp_path / "d.csv"
    call_command("exporteer", "deminimis", "--jaar", "2022", "--oproep", w.oproep.slug, "--uit", str(pad))
    [regel] = csv_rijen(pad.read_bytes())
    assert regel == {
        "Dossier": rij.nummer,
        "Begunstigde": "Aartselaar",
        "Ondernemingsnummer": "0207508932",
        "Bedrag": "100.000,00",
        "Toegekend op": "2022-02-01",
        "Verordening": "Verordening (EU) 2023/2831",
        "Verstrekker": w.oproep.verstrekker,
        "Soort organisatie": "Gemeente",
        "Uiterlijk te melden": "",
        "Status": "gemeld",
        "Gemeld op": "2022-02-01",
        "Referentie": "SA-1",
    }
    call_command("exporteer", "deminimis", "--jaar", "2023", "--uit", str(pad))
    assert csv_rijen(pad.read_bytes()) == []
