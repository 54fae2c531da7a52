"""Pages about de-minimis aid: the declaration of the applicant, the warnings for staff, the list for the register."""

from datetime import date
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beoordeling import services as beoordeling
from dossiers import services as dossiers
from dossiers.controles import verklaringen_kloppen
from dossiers.deminimis.opmaak import GEWIJZIGD, bewaar_verklaring, verklaring_van
from dossiers.models import Dossier, Steunverklaring
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
from tests.hulp import alles_klopt, ongewijzigd, vul_in, weigert
from tests.pdflezer import Gelezen
from tests.portaal.pagina import keur
from tests.proef import brussel

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(wereld):
    return proef.wereld(wereld)


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


def test_the_refusal_names_the_way_out_and_its_page_is_filled_in_with_the_room(w):
    rij = proef.ingediend(w, "an", [proef.steun(250 * K)])
    proef.beoordeeld(w, rij)
    client, pagina = client_van(w.bea), reverse("ronde", args=[w.ronde.pk])
    stel_voor, adres = reverse("ronde_stel_voor", args=[w.ronde.pk]), reverse("dossier_begrenzing", args=[rij.nummer])
    p = keur(client.post(stel_voor, {"begrotingsjaar": "2022"}, follow=True))
    [(_, zin)] = p.meldingen
    assert "Er is nog 50.000,00 euro vrij. Begrens eerst het bedrag, met de knop 'Bedrag begrenzen'" in zin
    assert adres in p.links
    assert adres not in keur(client_van(w.bart).get(pagina)).links
    p = keur(client.get(adres))
    assert p.waarde("bedrag_cent") == "50.000,00"
    motivering = p.waarde("motivering")
    assert motivering.startswith("Eén onderneming mag in drie jaar hoogstens 300.000,00 euro de-minimissteun krijgen")
    assert "Nog vrij onder het de-minimisplafond € 50.000,00" in p.tekst.replace("\xa0", " ")
    client.post(adres, {"bedrag_cent": p.waarde("bedrag_cent"), "motivering": motivering})
    p = keur(client.get(pagina))
    assert "Boven het plafond" not in p.tekst and adres not in p.links
    p = keur(client.post(stel_voor, {"begrotingsjaar": "2022"}, follow=True))
    assert p.meldingen == [("success", "De rangschikking is opgemaakt.")]


def test_the_handler_reads_what_linked_undertakings_got_here(w):
    proef.toegekend(w, "ben", cent=60 * K)
    klok.zet(bouw.OPEN)
    rij = proef.ingediend(brussel(w), "an", verbonden="Boom 0207.506.952")
    tekst = tekst_van(w.bea, "dossier", rij.nummer)
    assert "Eerder via dit loket € 60.000,00, waarvan € 60.000,00 aan verbonden ondernemingen" in tekst
    assert "Verbonden en hier bekend Boom" in tekst
    assert "60.000" not in tekst_van(w.an, "dossier", rij.nummer)


def test_a_wrong_number_of_a_linked_undertaking_is_told_at_its_field(w):
    dossier = bouw.volledig(w)
    adres = reverse("dossier_deminimis", args=[dossier.nummer])
    client = client_van(w.an)
    with ongewijzigd():
        p = keur(client.post(adres, formulier(STAD, verbonden="Zuster nv 0207.506.953", op_eer="on")))
    zin = "Regel 1: '0207.506.953' is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
    assert p.fouten("verbonden") == [zin]
    assert p.waarde("verbonden") == "Zuster nv 0207.506.953" and p.waarde("regels-0-bedrag") == "1.234,56"
    with weigert("kbo_ongeldig", zin, "verbonden"):
        proef.verklaar(dossier, [], w.an, "Zuster nv 0207.506.953")
    # A draft that was saved before numbers were checked is not handed in with it either.
    proef.verklaar(dossier, [], w.an)
    Steunverklaring.objects.update(verbonden="Zuster nv 0207.506.953")
    assert [(g.code, g.zin, g.veld) for g in gebreken(bouw.opnieuw(dossier))] == [("kbo_ongeldig", zin, "verbonden")]


def test_a_half_typed_declaration_survives_signing_out_and_in(w):
    dossier = bouw.volledig(w)
    adres = reverse("dossier_deminimis", args=[dossier.nummer])
    client = client_van(w.an)
    client.post(adres, formulier(STAD, verbonden="Zuster"))
    half = formulier(("Stad Gent", "", "2.000", ""), verbonden="Zuster\nBroer", versie="1", op_eer="on")
    Session.objects.all().delete()
    with ongewijzigd():
        antwoord = client.post(adres, half)
    p = keur(client.get(antwoord["Location"]))
    data = {"login": w.an.email, "password": bouw.WACHTWOORD, "next": p.waarde("next")}
    assert client.post(reverse("account_login"), data)["Location"] == adres
    p = keur(client.get(adres))
    assert "U was afgemeld. Wat u typte staat hieronder; bewaar opnieuw." in p.tekst
    velden = ("keuze", "verbonden", "versie", "regels-0-verstrekker", "regels-0-datum", "regels-0-bedrag")
    assert [p.waarde(veld) for veld in velden] == ["wel", "Zuster\nBroer", "1", "Stad Gent", "", "2.000"]
    assert "checked" in p.velden("op_eer")[0].attrs
    assert p.waarde("regels-0-verordening") == ""
    assert verklaring_van(dossier).regels.get().verstrekker == "Stad Antwerpen"  # nothing was done unasked


def test_a_refused_submission_loses_nothing_of_the_declaration(w):
    dossier = bouw.volledig(w)
    adres = reverse("dossier_deminimis", args=[dossier.nummer])
    client = client_van(w.an)
    client.post(adres, formulier(STAD, verbonden="Zuster 0207.506.952"))  # not declared on honour
    indienen = reverse("dossier_indienen", args=[dossier.nummer])
    with ongewijzigd():
        antwoord = client.post(indienen)
    zin = "Verklaar op eer dat wat u over de-minimissteun invulde, juist en volledig is."
    assert zin in keur(antwoord).tekst and f"{adres}#id_op_eer" in keur(antwoord).links
    p = keur(client.get(adres))
    velden = ("keuze", "verbonden", "versie", "regels-0-verstrekker", "regels-0-datum", "regels-0-bedrag")
    assert [p.waarde(veld) for veld in velden] == ["wel", "Zuster 0207.506.952", "1", *STAD[:3]]
    assert p.waarde("regels-0-verordening") == "algemeen" and "checked" not in p.velden("op_eer")[0].attrs


def test_the_handler_finds_on_mijn_werk_what_is_to_be_reported(w):
    een, twee = proef.ingediend(w, "an"), proef.ingediend(w, "ben")
    proef.beoordeeld(w, een, twee)
    besluit = proef.stel_voor(w)
    klok.zet(bouw.BESLIST)
    bouw.onderteken(w, besluit)
    wat = "melden aan het de-minimisregister"
    assert wat not in tekst_van(w.bea, "mijn_werk")  # awarded before there was a register
    Dossier.objects.filter(pk=een.pk).update(beslist_op=date(2026, 1, 5))  # the test world stands in 2022
    Dossier.objects.filter(pk=twee.pk).update(beslist_op=date(2026, 1, 20))
    klok.zet(klok.brussel(2026, 1, 26, 9))
    adres = reverse("deminimis") + "?melding=te-melden"
    p = keur(client_van(w.bea).get(reverse("mijn_werk")))
    bijna, rest = [p.tekst.index(zin) for zin in ("eindigt binnen 5 werkdagen", "Binnen 20 werkdagen")]
    assert bijna < rest and p.tekst.count(f"1 toekenning {wat}") == 2 and p.links.count(adres) == 2
    klok.zet(klok.brussel(2026, 2, 20, 9))
    tekst = tekst_van(w.bea, "mijn_werk")
    assert tekst.count(wat) == 1 and f"2 toekenningen {wat} De termijn is voorbij" in tekst
    for wie in (w.bart, w.aude, w.an):
        assert wat not in tekst_van(wie, "mijn_werk")
    oproepen.geef_taak(w.oproep, gebruiker=w.an, rol="behandelaar", door=Gebruiker.objects.systeem())
    assert f"1 toekenning {wat}" in tekst_van(w.an, "mijn_werk")  # nothing of her own before its notification
    beoordeling.meld_deminimis(bouw.opnieuw(een), datum=klok.vandaag(), referentie="SA-1", door=w.bea)
    tekst = keur(client_van(w.bea).get(adres)).tekst
    assert een.nummer not in tekst and twee.nummer in tekst
    regel = csv_rijen(client_van(w.bea).get(reverse("deminimis_bestand") + "?melding=te-melden&formaat=csv").getvalue())
    assert [r["Dossier"] for r in regel] == [twee.nummer]
    beoordeling.meld_deminimis(bouw.opnieuw(twee), datum=klok.vandaag(), referentie="SA-2", door=w.bea)
    assert wat not in tekst_van(w.bea, "mijn_werk")
    assert "Alle toekenningen die gemeld moeten worden, zijn gemeld." in keur(client_van(w.bea).get(adres)).tekst


def _van(w, n):
    """Hand in for `n` organisations of `an`; the first declares a linked undertaking that is known here."""
    for i in range(n):
        organisatie = bouw.organisatie(f"Dorp {i}", None, "gemeente", "lokaal_bestuur", w.an)
        rij = bouw.concept(w, "an", organisatie)
        vul_in(rij, K, w.an)
        if i == 0:
            velden = {"keuze": "geen", "verbonden": "Boom 0207506952", "op_eer": True, "regels": [], "versie": 1}
            bewaar_verklaring(rij, **velden, door=w.an)
        dossiers.dien_in(rij, door=w.an, ontvangen_op=klok.nu())
        yield bouw.opnieuw(rij)


@pytest.mark.parametrize("n", [1, 3, 9])
def test_pages_ask_as_many_queries_for_one_as_for_more(w, n, tmp_path: Path):
    rijen = list(_van(w, n))
    proef.beoordeeld(w, *rijen)
    gevraagd = {}
    client = client_van(w.bea)

    def vraag(naam, *args, zoek=""):
        with CaptureQueriesContext(connection) as vragen:
            antwoord = client.get(reverse(naam, args=args) + zoek)
            assert antwoord.status_code == 200
            antwoord.inhoud = antwoord.getvalue() if antwoord.streaming else antwoord.content
        if not args or naam in {"ronde", "besluit"}:
            assert all(rij.nummer.encode() in antwoord.inhoud for rij in rijen)
        gevraagd[naam] = len(vragen)

    vraag("ronde", w.ronde.pk)
    vraag("dossier", rijen[0].nummer)
    vraag("dossier_begrenzing", rijen[0].nummer)
    besluit = proef.stel_voor(w)
    vraag("besluit", besluit.pk)
    klok.zet(bouw.BESLIST)
    bouw.onderteken(w, besluit)
    vraag("deminimis")
    vraag("deminimis_bestand", zoek="?formaat=csv")
    with CaptureQueriesContext(connection) as vragen:
        call_command("exporteer", "deminimis", "--uit", str(tmp_path / "d.csv"))
    assert len(csv_rijen((tmp_path / "d.csv").read_bytes())) == n
    gevraagd["exporteer"] = len(vragen)
    assert gevraagd == {
        "ronde": 16,
        "dossier": 16,
        "dossier_begrenzing": 11,
        "besluit": 11,
        "deminimis": 6,
        "deminimis_bestand": 4,
        "exporteer": 1,
    }


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
