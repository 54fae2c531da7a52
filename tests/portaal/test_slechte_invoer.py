"""Bad input through the pages: the exact sentence, tied to its field, what was typed still there, nothing changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from beoordeling.models import Besluit, Scoreblad
from betalingen.models import Betaling
from dossiers import opmaak
from dossiers import services as dossiers
from dossiers import views as dossierviews
from dossiers.models import Bijlage, Dossier, Indiening
from kern import klok
from organisaties.models import Organisatie
from tests import bouw
from tests.bouw import Wereld
from tests.hulp import ongewijzigd
from tests.portaal.formulieren import (
    Geval,
    advies,
    advies_te_vroeg,
    begroting,
    browser,
    lid,
    onderteken,
    ontvankelijkheid,
    ontvankelijkheid_open,
    oordeel,
    organisatie,
    scoreblad,
    start,
    stuur_oproep_terug,
    terugsturen,
    toewijzen,
    uitbetaald,
    verslag,
    vragen,
)
from tests.portaal.pagina import Pagina, keur

ONBEWAARBAAR = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."
VERPLICHT = "Dit veld is verplicht."
DATUM = "Voer een geldige datum in."
TE_LANG = "Zorg dat deze waarde niet meer dan {} tekens bevat (het zijn er nu {})."


@pytest.fixture
def wereld(gedeelde_wereld: Wereld) -> Wereld:
    return gedeelde_wereld


@dataclass
class Fout:
    """What is wrong: a form, the fields that are changed, where the error stands and what it says."""

    form: Callable[[Wereld], Geval]
    anders: dict[str, Any]
    veld: str
    zin: str
    label: str = ""
    eerst: Callable[[Wereld], Any] = field(default=lambda w: None)


def _mens(naam: str) -> Callable[[Wereld], Any]:
    return lambda w: w.mensen[naam].pk


TWEE_WIJZEN = "Het bedrag '{}' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."
BEDRAG = "Het bedrag '{}' kan niet gelezen worden. Schrijf het als 1.234,56."
GEVRAAGD = "Welk bedrag vraagt u? "
IBAN = "Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034."
KBO = "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
FOUTEN = {
    "bedrag onleesbaar": Fout(begroting, {"gevraagd": "twaalf"}, "gevraagd", BEDRAG.format("twaalf"), GEVRAAGD),
    "bedrag op zijn Engels": Fout(begroting, {"gevraagd": "1,234.56"}, "gevraagd", BEDRAG.format("1,234.56"), GEVRAAGD),
    "bedrag dubbelzinnig": Fout(begroting, {"gevraagd": "1,234"}, "gevraagd", TWEE_WIJZEN.format("1,234"), GEVRAAGD),
    "bedrag negatief": Fout(begroting, {"gevraagd": "-5"}, "gevraagd", "Het bedrag mag niet negatief zijn.", GEVRAAGD),
    "bedrag een cent te hoog": Fout(
        begroting, {"gevraagd": "100.000,01"}, "gevraagd", "Het bedrag mag hoogstens 100.000,00 euro zijn.", GEVRAAGD
    ),
    "bedrag veel te groot": Fout(begroting, {"gevraagd": "9" * 20}, "gevraagd", "Dit bedrag is te groot.", GEVRAAGD),
    "iban fout controlegetal": Fout(
        begroting, {"iban": "BE68 5390 0754 7035"}, "iban", IBAN, "Rekeningnummer (IBAN): "
    ),
    "iban onzin": Fout(begroting, {"iban": "123"}, "iban", IBAN, "Rekeningnummer (IBAN): "),
    "titel te lang": Fout(
        begroting, {"titel": "x" * 201}, "titel", TE_LANG.format(200, 201), "Titel van het project: "
    ),
    "NUL in titel": Fout(begroting, {"titel": "Buurt\x00"}, "titel", ONBEWAARBAAR, "Titel van het project: "),
    "regel zonder bedrag": Fout(
        begroting,
        {"kosten-1-omschrijving": "Zaalhuur"},
        "kosten-1-bedrag",
        "Vul het bedrag van deze regel in.",
        "Kosten, regel 2: ",
    ),
    "regel zonder omschrijving": Fout(
        begroting,
        {"inbreng-0-omschrijving": ""},
        "inbreng-0-omschrijving",
        "Schrijf waarvoor dit bedrag dient.",
        "Inbreng, regel 1: ",
    ),
    "regel onleesbaar": Fout(
        begroting, {"kosten-0-bedrag": "veel"}, "kosten-0-bedrag", BEDRAG.format("veel"), "Kosten, regel 1: "
    ),
    "regel negatief": Fout(
        begroting,
        {"kosten-0-bedrag": "-1"},
        "kosten-0-bedrag",
        "Het bedrag mag niet negatief zijn.",
        "Kosten, regel 1: ",
    ),
    "NUL in regel": Fout(
        begroting, {"kosten-0-omschrijving": "a\x00"}, "kosten-0-omschrijving", ONBEWAARBAAR, "Kosten, regel 1: "
    ),
    "kbo fout controlegetal": Fout(organisatie, {"kbo": "0207.500.124"}, "kbo", KBO, "Ondernemingsnummer: "),
    "kbo bestaat": Fout(
        organisatie,
        {"kbo": "0207.508.932"},
        "kbo",
        "Deze organisatie is al bekend. Vraag een tekenbevoegde van de organisatie om u als lid toe te voegen.",
        "Ondernemingsnummer: ",
    ),
    "naam ontbreekt": Fout(organisatie, {"naam": " "}, "naam", VERPLICHT, "Naam van de organisatie: "),
    "NUL in naam": Fout(organisatie, {"naam": "Ni\x00el"}, "naam", ONBEWAARBAAR, "Naam van de organisatie: "),
    "lid onbekend": Fout(
        lid,
        {"email": "niemand@voorbeeld.test"},
        "email",
        "Niemand heeft zich met dit e-mailadres geregistreerd. Vraag dat eerst.",
        "E-mailadres van uw collega: ",
    ),
    "lid geen adres": Fout(
        lid, {"email": "stan"}, "email", "Voer een geldig e-mailadres in.", "E-mailadres van uw collega: "
    ),
    "lid al lid": Fout(
        lid,
        {"email": "AN@voorbeeld.test"},
        "email",
        "Deze persoon is al lid van de organisatie.",
        "E-mailadres van uw collega: ",
    ),
    "starten bij een ander": Fout(
        start,
        {"organisatie": "999999"},
        "organisatie",
        "Selecteer een geldige keuze. Deze keuze is niet beschikbaar.",
        "Voor welke organisatie vraagt u aan? ",
    ),
    "oordeel ontbreekt": Fout(ontvankelijkheid, {"oordeel": ""}, "oordeel", VERPLICHT, "Uw oordeel: "),
    "motivering ontbreekt": Fout(ontvankelijkheid, {"motivering": "  "}, "motivering", VERPLICHT, "Motivering: "),
    "NUL in motivering": Fout(ontvankelijkheid, {"motivering": "\x00"}, "motivering", ONBEWAARBAAR, "Motivering: "),
    "ronde nog open": Fout(
        ontvankelijkheid_open, {}, "", "Sluit eerst de ronde; daarna beoordeelt u de ontvankelijkheid."
    ),
    "geen jurylid gekozen": Fout(toewijzen, {"jurylid": ""}, "jurylid", VERPLICHT, "Jurylid: "),
    "jurylid heeft het al": Fout(toewijzen, {"jurylid": _mens("joke")}, "", "Dit jurylid heeft dit dossier al."),
    "geen jurylid": Fout(
        toewijzen,
        {"jurylid": _mens("bart")},
        "jurylid",
        "Selecteer een geldige keuze. Deze keuze is niet beschikbaar.",
        "Jurylid: ",
    ),
    "jurylid van de eigen organisatie": Fout(
        toewijzen,
        {"jurylid": _mens("jana")},
        "jurylid",
        "Jana Proef hoort bij Aartselaar en kan dit dossier niet beoordelen.",
        "Jurylid: ",
        lambda w: w.aartselaar.lidmaatschappen.create(gebruiker=w.jana, rol="medewerker", sinds=klok.vandaag()),
    ),
    "advies niet gekozen": Fout(advies, {"gunstig": ""}, "gunstig", VERPLICHT, "Advies: "),
    "advies zonder motivering": Fout(advies, {"motivering": ""}, "motivering", VERPLICHT, "Motivering: "),
    "advies te vroeg": Fout(advies_te_vroeg, {}, "", "Er zijn 0 scorebladen ingediend; er zijn er 2 nodig."),
    "ondertekend in de toekomst": Fout(
        onderteken,
        {"datum": "2022-02-02"},
        "datum",
        "De datum van ondertekening ligt in de toekomst.",
        "Datum van ondertekening: ",
    ),
    "ondertekend voor het voorstel": Fout(
        onderteken,
        {"datum": "2022-01-24"},
        "datum",
        "De datum van ondertekening ligt vóór die van het voorstel.",
        "Datum van ondertekening: ",
    ),
    "datum onleesbaar": Fout(onderteken, {"datum": "gisteren"}, "datum", DATUM, "Datum van ondertekening: "),
    "besluit zonder nummer": Fout(onderteken, {"nummer": ""}, "nummer", VERPLICHT, "Nummer van het besluit: "),
    "oproep terugsturen zonder reden": Fout(stuur_oproep_terug, {"reden": " "}, "reden", VERPLICHT, "Reden: "),
    "terugsturen zonder reden": Fout(terugsturen, {"reden": " "}, "reden", VERPLICHT, "Reden: "),
    "NUL in reden": Fout(terugsturen, {"reden": "a\x00b"}, "reden", ONBEWAARBAAR, "Reden: "),
    "betaald in de toekomst": Fout(
        uitbetaald, {"datum": "2022-02-02"}, "datum", "De betaaldatum ligt in de toekomst.", "Datum: "
    ),
    "betaald voor de opdracht": Fout(
        uitbetaald, {"datum": "2022-01-31"}, "datum", "De betaaldatum ligt vóór de betaalopdracht.", "Datum: "
    ),
    "betaaldatum onleesbaar": Fout(uitbetaald, {"datum": "31-02-2022"}, "datum", DATUM, "Datum: "),
    "verslag zonder tekst": Fout(
        verslag, {"tekst": ""}, "tekst", VERPLICHT, "Wat deed het project, en wat heeft het bereikt? "
    ),
    "NUL in verslag": Fout(
        verslag, {"tekst": "a\x00"}, "tekst", ONBEWAARBAAR, "Wat deed het project, en wat heeft het bereikt? "
    ),
    "kosten negatief": Fout(
        verslag,
        {"kosten": "-1"},
        "kosten",
        "Het bedrag mag niet negatief zijn.",
        "Welke kosten maakte u tot nu toe? ",
    ),
    "kosten ontbreken": Fout(verslag, {"kosten": ""}, "kosten", VERPLICHT, "Welke kosten maakte u tot nu toe? "),
    "oordeel niet gekozen": Fout(oordeel, {"oordeel": ""}, "oordeel", VERPLICHT, "Uw oordeel: "),
    "teruggestuurd zonder uitleg": Fout(
        oordeel, {"beoordeling": ""}, "beoordeling", "Schrijf wat er nog ontbreekt.", "Toelichting: "
    ),
}


@pytest.mark.parametrize("naam", FOUTEN)
def test_the_sentence_stands_at_the_field_and_nothing_is_lost(wereld: Wereld, naam: str):
    fout = FOUTEN[naam]
    geval = fout.form(wereld)
    fout.eerst(wereld)
    anders = {sleutel: waarde(wereld) if callable(waarde) else waarde for sleutel, waarde in fout.anders.items()}
    data = geval.goed | anders
    client = browser(wereld.mensen[geval.wie])
    stuk = {geval.bestand: bouw.upload("besluit.pdf")} if geval.bestand else {}
    with ongewijzigd():
        antwoord = client.post(geval.adres, {**data, **stuk})
    assert antwoord.status_code == 422
    p = keur(antwoord)
    if fout.veld:
        assert p.fouten(fout.veld) == [fout.zin]
        assert all(veld.attrs.get("aria-invalid") == "true" for veld in p.velden(fout.veld) if "type" in veld.attrs)
    assert p.overzicht == [(fout.label + fout.zin, fout.veld)]
    for sleutel, waarde in data.items():
        # A choice that does not exist cannot be shown as chosen.
        if p.velden(sleutel) and (p.velden(sleutel)[0].tag != "select" or sleutel not in anders):
            assert p.waarde(sleutel) == str(waarde), sleutel
    # With the mistake mended the same form goes through.
    if anders:
        stuk = {geval.bestand: bouw.upload("besluit.pdf")} if geval.bestand else {}
        assert client.post(geval.adres, {**geval.goed, **stuk}).status_code == 302


# Each criterion of a sheet has a name of its own, so these stand apart.


@pytest.mark.parametrize(
    ("wat", "waarde", "zin"),
    [
        ("punten", "11", "Geef een geheel aantal punten van 0 tot 10."),
        ("punten", "-1", "Geef een geheel aantal punten van 0 tot 10."),
        ("punten", "7,5", "Geef een geheel aantal punten van 0 tot 10."),
        ("punten", "veel", "Geef een geheel aantal punten van 0 tot 10."),
        ("punten", "9" * 40, "Geef een geheel aantal punten van 0 tot 10."),
        ("motivering", "a\x00", ONBEWAARBAAR),
    ],
)
def test_a_score_that_cannot_be_is_not_saved(wereld: Wereld, wat: str, waarde: str, zin: str):
    geval = scoreblad(wereld)
    criterium = wereld.oproep.criteria.all()[2]
    naam = f"{wat}_{criterium.pk}"
    data = geval.goed | {naam: waarde}
    client = browser(wereld.jef)
    with ongewijzigd():
        antwoord = client.post(geval.adres, data)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.fouten(naam) == [zin]
    assert [veld for _, veld in p.overzicht] == [naam]
    for sleutel, getypt in data.items():
        if sleutel != "indienen":
            assert p.waarde(sleutel) == getypt


@pytest.mark.parametrize(
    ("wat", "zin"), [("punten", "Geef nog punten voor"), ("motivering", "Motiveer nog uw punten voor")]
)
def test_an_incomplete_sheet_is_saved_but_not_handed_in(wereld: Wereld, wat: str, zin: str):
    geval = scoreblad(wereld)
    criterium = wereld.oproep.criteria.all()[1]
    antwoord = browser(wereld.jef).post(geval.adres, geval.goed | {f"{wat}_{criterium.pk}": ""})
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.overzicht == [(f"{zin} '{criterium.naam}'.", "")]
    blad = Scoreblad.objects.get()
    assert blad.status == Scoreblad.Status.BEZIG
    assert blad.scores.count() == 5
    assert p.waarde(f"motivering_{wereld.oproep.criteria.all()[0].pk}") == "Reden 0."


# The questions of a draft: what is too long or incomplete is kept, and said.


@pytest.mark.parametrize(
    ("sleutel", "waarde", "zin"),
    [
        ("doelgroep", "woord " * 301, "telt 301 woorden; er mogen er hoogstens 300 zijn."),
        ("bewoners", "veel", "Geef een geheel getal bij"),
    ],
)
def test_an_answer_that_is_not_right_yet_is_kept_and_said(wereld: Wereld, sleutel: str, waarde: str, zin: str):
    dossier = bouw.volledig(wereld)
    adres, data = vragen(wereld, dossier, **{sleutel: waarde})
    antwoord = browser(wereld.an).post(adres, data)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    [fout] = p.fouten(sleutel)
    assert zin in fout
    assert [veld for _, veld in p.overzicht] == [sleutel]
    assert p.waarde(sleutel) == waarde
    assert dossier.antwoorden.get(sleutel=sleutel).waarde == waarde.strip()
    assert p.waarde(f"versie_{sleutel}") == "2"  # so that saving again is no conflict with oneself
    assert dossier.antwoorden.exclude(sleutel=sleutel).filter(versie=1).count() == 5


@pytest.mark.parametrize(
    ("sleutel", "waarde", "zin"),
    [
        ("netwerk", "Wij\x00zij", ONBEWAARBAAR),
        ("netwerk", "x" * 100_001, "Deze tekst is langer dan 100000 tekens."),
        ("soort_buurt", "Op Mars", "Selecteer een geldige keuze. Op Mars is geen beschikbare keuze."),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused(wereld: Wereld, sleutel: str, waarde: str, zin: str):
    dossier = bouw.volledig(wereld)
    adres, data = vragen(wereld, dossier, **{sleutel: waarde})
    antwoord = browser(wereld.an).post(adres, data)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.fouten(sleutel) == [zin]
    assert dossier.antwoorden.get(sleutel=sleutel).versie == 1
    if sleutel == "netwerk":
        assert p.waarde(sleutel) == waarde


# Two tabs, two people.


def test_two_tabs_on_the_questions_show_both_texts(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres, data = vragen(wereld, dossier, netwerk="Uit de eerste tab.", acties="Ook uit de eerste.")
    opmaak.bewaar_antwoord(dossier, "netwerk", "Uit de <b>tweede</b> tab.", 1, door=wereld.an)
    client = browser(wereld.an)
    antwoord = client.post(adres, data)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    zin = (
        "Iemand anders wijzigde dit antwoord intussen in: 'Uit de <b>tweede</b> tab.'. "
        "Uw tekst staat nog in het veld; bewaar opnieuw als u die wilt houden."
    )
    assert p.fouten("netwerk") == [zin]
    assert p.waarde("netwerk") == "Uit de eerste tab."
    assert p.waarde("versie_netwerk") == "2"
    assert dossier.antwoorden.get(sleutel="netwerk").waarde == "Uit de <b>tweede</b> tab."
    assert dossier.antwoorden.get(sleutel="acties").waarde == "Ook uit de eerste."  # nothing else is held up
    opnieuw = {naam: p.waarde(naam) for naam in data}
    assert client.post(adres, opnieuw).status_code == 302
    assert dossier.antwoorden.get(sleutel="netwerk").waarde == "Uit de eerste tab."


def test_two_tabs_on_the_budget_show_what_the_other_saved(wereld: Wereld):
    geval = begroting(wereld)
    dossier = Dossier.objects.get()
    regels = [("kost", "Lokaal van de ander", 4_321_00)]
    opmaak.bewaar_gegevens(
        dossier,
        titel="Titel van de ander",
        iban="BE71096123456769",
        gevraagd_cent=4_321_00,
        regels=regels,
        versie=1,
        door=wereld.an,
    )
    client = browser(wereld.an)
    with ongewijzigd():
        antwoord = client.post(geval.adres, geval.goed)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    zin = (
        "Iemand anders heeft deze pagina intussen bewaard. Hieronder ziet u wat; uw invoer staat nog in de velden. "
        "Vergelijk, en bewaar opnieuw."
    )
    assert p.overzicht == [(zin, "")]
    assert p.per_id["intussen"].tekst == "Wat er nu bewaard is"
    ander = (p.per_id["intussen"].ouder or p.wortel).tekst.replace("\xa0", " ")
    for stuk in ("Titel van de ander", "BE71 0961 2345 6769", "€ 4.321,00", "Kost: Lokaal van de ander"):
        assert stuk in ander
    for naam, getypt in geval.goed.items():
        assert p.waarde(naam) == ("2" if naam == "versie" else getypt)
    assert client.post(geval.adres, {naam: p.waarde(naam) for naam in geval.goed}).status_code == 302
    assert Dossier.objects.get().titel == "Een andere titel"


# A budget that does not add up is kept in the draft, said at once, and not handed in.

SCHEEF = (
    "De begroting klopt niet: de kosten zijn 1.250,50 euro, de gevraagde subsidie en de inbreng samen 1.350,50 euro. "
    "Die twee moeten gelijk zijn."
)


def test_a_budget_that_does_not_add_up(wereld: Wereld):
    geval = begroting(wereld)
    client = browser(wereld.an)
    antwoord = client.post(geval.adres, geval.goed | {"gevraagd": "1.100"})
    assert (antwoord.status_code, antwoord["Location"]) == (302, geval.adres)
    p = keur(client.get(geval.adres))
    assert p.meldingen == [("success", "Uw begroting is bewaard."), ("warning", SCHEEF)]
    assert p.waarde("gevraagd") == "1.100,00"
    adres = reverse("dossier_indienen", args=[Dossier.objects.get().nummer])
    p = keur(client.get(adres))
    assert SCHEEF in p.tekst
    assert "Dossier indienen" not in p.knoppen
    with ongewijzigd():
        antwoord = client.post(adres)
    assert antwoord.status_code == 409
    assert SCHEEF in keur(antwoord).met_klasse("govuk-error-summary")[0].tekst


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"kosten-TOTAL_FORMS": "61"}, "Kosten: "),
        ({"kosten-TOTAL_FORMS": "1000000"}, "Kosten: "),
        ({"kosten-TOTAL_FORMS": "x"}, "Kosten: "),
        ({"versie": "x"}, ""),
    ],
)
def test_a_form_that_was_tampered_with_is_refused_with_a_sentence(wereld: Wereld, anders: dict[str, str], zin: str):
    geval = begroting(wereld)
    client = browser(wereld.an)
    with ongewijzigd():
        antwoord = client.post(geval.adres, geval.goed | anders)
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.overzicht[0][0].startswith(zin)
    assert p.waarde("titel") == "Een andere titel"


# Attachments.


@pytest.mark.parametrize(
    ("naam", "inhoud", "zin"),
    [
        (
            "virus.pdf",
            b"MZ\x90\x00",
            "Het bestand 'virus.pdf' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods.",
        ),
        (
            "plan.exe",
            bouw.PDF,
            "Het bestand 'plan.exe' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods.",
        ),
        ("leeg.pdf", b"", "Het bestand 'leeg.pdf' is leeg."),
        ("groot.pdf", bouw.PDF + b" " * 1024 * 1024, "Het bestand 'groot.pdf' is groter dan 1 MB."),
    ],
)
@override_settings(BIJLAGE_MAX_BYTES=1024 * 1024)
def test_an_attachment_of_the_wrong_type_or_size(wereld: Wereld, naam: str, inhoud: bytes, zin: str):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_bijlagen", args=[dossier.nummer])
    client = browser(wereld.an)
    with ongewijzigd():
        antwoord = client.post(adres, {"bestanden": [bouw.upload(naam, inhoud)]})
    assert antwoord.status_code == 422
    p = keur(antwoord)
    assert p.fouten("bestanden") == [zin]
    assert p.overzicht == [(zin, "bestanden")]
    assert "hoogstens 1,0 MB per bestand" in p.per_id["bestanden_helptext"].tekst
    # Next to a good one only the wrong one is refused.
    antwoord = client.post(adres, {"bestanden": [bouw.upload("goed.pdf"), bouw.upload(naam, inhoud)]})
    assert antwoord.status_code == 422
    assert keur(antwoord).fouten("bestanden") == [zin]
    assert [b.bestand.naam for b in Bijlage.objects.all()] == ["netwerk.pdf", "goed.pdf"]


def test_no_attachment_chosen(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    client = browser(wereld.an)
    with ongewijzigd():
        antwoord = client.post(reverse("dossier_bijlagen", args=[dossier.nummer]))
    assert antwoord.status_code == 422
    assert keur(antwoord).overzicht == [("Kies eerst een of meer bestanden.", "bestanden")]


def test_forty_attachments_and_not_one_more(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_bijlagen", args=[dossier.nummer])
    client = browser(wereld.an)
    stukken = [bouw.upload(f"stuk {nummer}.pdf") for nummer in range(39)]
    assert client.post(adres, {"bestanden": stukken}).status_code == 302
    p = keur(client.get(adres))
    assert all(f"stuk {nummer}.pdf" in p.tekst for nummer in range(39))
    with ongewijzigd():
        antwoord = client.post(adres, {"bestanden": [bouw.upload("nog een.pdf")]})
    assert antwoord.status_code == 422
    zin = "Het bestand 'nog een.pdf' kan er niet meer bij: een dossier heeft hoogstens 40 bijlagen."
    assert keur(antwoord).fouten("bestanden") == [zin]
    assert client.post(reverse("dossier_indienen", args=[dossier.nummer])).status_code == 302
    p = keur(client.get(reverse("dossier", args=[dossier.nummer])))
    assert len([href for href in p.links if href.startswith("/bijlagen/")]) == 40


def test_wrong_documents_elsewhere(wereld: Wereld):
    geval = onderteken(wereld)
    client = browser(wereld.bart)
    zin = "Het bestand 'besluit.txt' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods."
    with ongewijzigd():
        antwoord = client.post(geval.adres, {**geval.goed, "bestand": bouw.upload("besluit.txt", b"tekst")})
        zonder = client.post(geval.adres, geval.goed)
    assert (antwoord.status_code, keur(antwoord).fouten("bestand")) == (422, [zin])
    assert (zonder.status_code, keur(zonder).fouten("bestand")) == (422, [VERPLICHT])
    assert Besluit.objects.get().status == Besluit.Status.TER_ONDERTEKENING


# Too late, to the microsecond.

MICROSECONDE = timedelta(microseconds=1)


def test_handing_in_one_microsecond_too_late(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_indienen", args=[dossier.nummer])
    client = browser(wereld.an)
    with bouw.op(bouw.DEADLINE), ongewijzigd():
        antwoord = client.post(adres)
    assert antwoord.status_code == 409
    p = keur(antwoord)
    kader = p.met_klasse("govuk-error-summary")[0].tekst
    assert kader.startswith("Uw dossier is niet ingediend")
    assert "De indientermijn" in kader
    assert "Dossier indienen" not in p.knoppen
    assert p.per_id["reden-indienen"].tekst == "De indientermijn is voorbij."
    with bouw.op(bouw.DEADLINE - MICROSECONDE):
        assert client.post(adres).status_code == 302
    assert Indiening.objects.get().ontvangen_op == bouw.DEADLINE - MICROSECONDE


def test_what_arrived_in_time_may_wait(wereld: Wereld, monkeypatch: pytest.MonkeyPatch):
    dossier = bouw.volledig(wereld)
    echt = dossierviews.concept_of_404

    def wacht(*args: Any) -> Any:
        klok.zet(bouw.DEADLINE + timedelta(seconds=90))  # as if the request stood in line
        return echt(*args)

    monkeypatch.setattr(dossierviews, "concept_of_404", wacht)
    klok.zet(bouw.DEADLINE - MICROSECONDE)
    antwoord = browser(wereld.an).post(reverse("dossier_indienen", args=[dossier.nummer]))
    assert antwoord.status_code == 302
    assert Indiening.objects.get().ontvangen_op == bouw.DEADLINE - MICROSECONDE


def test_starting_one_microsecond_too_late_or_too_early(wereld: Wereld):
    geval = start(wereld)
    client = browser(wereld.an)
    opening = klok.brussel(2021, 6, 11)
    for moment in (bouw.DEADLINE, opening - MICROSECONDE):
        with bouw.op(moment), ongewijzigd():
            antwoord = client.post(geval.adres, geval.goed)
        assert antwoord.status_code == 409
        assert "Er is nu geen ronde open." in keur(antwoord).tekst
    with bouw.op(opening):
        assert client.post(geval.adres, geval.goed).status_code == 302


# Double clicks: the second POST of the same form.


def test_a_second_click_on_start(wereld: Wereld):
    geval = start(wereld)
    client = browser(wereld.an)
    assert client.post(geval.adres, geval.goed).status_code == 302
    with ongewijzigd():
        antwoord = client.post(geval.adres, geval.goed)
    assert antwoord.status_code == 422
    assert keur(antwoord).fouten("organisatie") == ["Uw organisatie heeft in deze ronde al een dossier."]


def test_a_second_click_on_hand_in_shows_the_receipt(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_indienen", args=[dossier.nummer])
    bewijs = reverse("dossier_ontvangstbewijs", args=[dossier.nummer])
    client = browser(wereld.an)
    assert client.post(adres)["Location"] == bewijs
    with ongewijzigd():
        antwoord = client.post(adres)
    assert (antwoord.status_code, antwoord["Location"]) == (302, bewijs)
    assert Indiening.objects.count() == 1


def test_a_second_click_that_overtakes_the_first_shows_the_receipt(wereld: Wereld, monkeypatch: pytest.MonkeyPatch):
    dossier = bouw.volledig(wereld)
    echt = dossierviews.concept_of_404

    def ingehaald(*args: Any) -> Any:
        gelezen = echt(*args)
        dossiers.dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())  # the other click, after we read
        return gelezen

    monkeypatch.setattr(dossierviews, "concept_of_404", ingehaald)
    antwoord = browser(wereld.an).post(reverse("dossier_indienen", args=[dossier.nummer]))
    assert antwoord["Location"] == reverse("dossier_ontvangstbewijs", args=[dossier.nummer])
    assert Indiening.objects.count() == 1


def test_a_second_click_on_add_keeps_one_attachment(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres = reverse("dossier_bijlagen", args=[dossier.nummer])
    client = browser(wereld.an)
    for _ in range(2):
        assert client.post(adres, {"bestanden": [bouw.upload("plan.pdf")]}).status_code == 302
    assert [b.bestand.naam for b in Bijlage.objects.all()] == ["netwerk.pdf", "plan.pdf"]


def test_a_second_click_on_register(wereld: Wereld):
    geval = organisatie(wereld)
    client = browser(wereld.stan)
    assert client.post(geval.adres, geval.goed).status_code == 302
    with ongewijzigd():
        antwoord = client.post(geval.adres, geval.goed)
    assert antwoord.status_code == 422
    assert keur(antwoord).fouten("kbo")[0].startswith("Deze organisatie is al bekend.")


def test_a_second_click_on_register_without_number(wereld: Wereld):
    geval = organisatie(wereld)
    data = geval.goed | {"kbo": ""}
    client = browser(wereld.stan)
    assert client.post(geval.adres, data).status_code == 302
    with ongewijzigd():
        antwoord = client.post(geval.adres, data)
    assert antwoord.status_code == 422
    assert keur(antwoord).fouten("naam") == ["U bent al lid van een organisatie met deze naam."]
    assert Organisatie.objects.filter(naam="Gemeente Niel").count() == 1


@pytest.mark.parametrize(
    ("form", "zin"),
    [
        (toewijzen, "Dit jurylid heeft dit dossier al."),
        (advies, "Het advies is al vastgesteld."),
        (ontvankelijkheid, "Dit kan niet: het dossier heeft de status 'ontvankelijk'."),
        (onderteken, "Dit kan niet: het besluit heeft de status 'ondertekend'."),
        (terugsturen, "Dit kan niet: de betaling heeft de status 'gepland'."),
        (uitbetaald, "Dit kan niet: de betaling heeft de status 'uitbetaald'."),
    ],
)
def test_a_second_click_on_a_form_changes_nothing(wereld: Wereld, form: Callable[[Wereld], Geval], zin: str):
    geval = form(wereld)
    client = browser(wereld.mensen[geval.wie])
    for keer in range(2):
        stuk = {geval.bestand: bouw.upload("besluit.pdf")} if geval.bestand else {}
        if keer == 0:
            assert client.post(geval.adres, {**geval.goed, **stuk}).status_code == 302
            continue
        stappen = Dossier.objects.get().indieningen.count(), Betaling.objects.count()
        antwoord = client.post(geval.adres, {**geval.goed, **stuk})
        assert antwoord.status_code == 422
        assert zin in keur(antwoord).alle("body")[0].tekst
        assert (Dossier.objects.get().indieningen.count(), Betaling.objects.count()) == stappen


@pytest.mark.parametrize("form", [verslag, oordeel, scoreblad])
def test_a_second_click_on_what_was_handed_in_is_told_so(wereld: Wereld, form: Callable[[Wereld], Geval]):
    geval = form(wereld)
    client = browser(wereld.mensen[geval.wie])
    assert client.post(geval.adres, geval.goed).status_code == 302
    client.get(reverse("mijn_werk"))  # takes the message of the first click
    with ongewijzigd():
        antwoord = client.post(geval.adres, geval.goed)
    assert antwoord.status_code == 409
    [(soort, zin)] = keur(antwoord).meldingen
    assert soort == "error"
    assert zin.startswith(("Dit kan niet: het verslag heeft de status", "Dit scoreblad is ingediend"))


def test_a_second_click_on_a_button_is_told_so(wereld: Wereld):
    bouw.ingediend(wereld)
    klok.zet(bouw.GESLOTEN)
    adres = reverse("ronde_sluit", args=[wereld.ronde.pk])
    client = browser(wereld.bea)
    client.post(adres)
    client.get(reverse("mijn_werk"))
    with ongewijzigd():
        antwoord = client.post(adres, follow=True)
    assert keur(antwoord).meldingen == [("error", "Dit kan niet: de ronde heeft de status 'gesloten'.")]


# Buttons that do not go: the sentence is on the page that one lands on.


def test_no_payment_chosen(wereld: Wereld):
    bouw.goedgekeurde_betaling(wereld)
    adres = reverse("betaalopdracht_versturen", args=[wereld.oproep.slug])
    client = browser(wereld.bo)
    for gekozen in ([], ["x"], ["²"], ["9" * 30], ["999999"]):
        with ongewijzigd():
            antwoord = client.post(adres, {"betalingen": gekozen}, follow=True)
        [(soort, zin)] = keur(antwoord).meldingen
        assert (soort, zin) == ("error", "Kies minstens één betaling.") or soort == "error"


# Odd addresses and pages.


@pytest.mark.parametrize("zoek", ["jaar=²²²²", "jaar=0000", "jaar=9999", "jaar=x", "jaar=%00", "jaar=-001"])
def test_an_odd_year_shows_the_page(wereld: Wereld, zoek: str):
    keur(browser(wereld.bart).get(f"{reverse('budgetstand')}?{zoek}"))


@pytest.mark.parametrize(
    "adres",
    ["/bestaat/niet/", "/dossiers/%00/", "/betalingen/-1/", "/oproepen/<script>/", "/%ff", "/dossiers/" + "9" * 500],
)
def test_an_unknown_address(wereld: Wereld, adres: str):
    for client in (Client(), browser(wereld.an)):
        antwoord = client.get(adres, follow=True)
        if antwoord.status_code == 200:  # the sign-in page, for an address that only exists for who signed in
            assert "Aanmelden" in Pagina(antwoord).hoofding
            continue
        assert antwoord.status_code == 404
        p = keur(antwoord)
        assert p.hoofding == "We vinden deze pagina niet"
        assert p.titel == "Pagina niet gevonden – Oproepenloket"
        assert "<script>/" not in p.html


def test_a_form_with_too_many_fields_is_a_bad_request(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    velden = {f"veld{nummer}": "" for nummer in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    antwoord = browser(wereld.an).post(reverse("dossier_vragen", args=[dossier.nummer]), velden)
    assert antwoord.status_code == 400
    assert keur(antwoord).hoofding == "Deze vraag begrijpen we niet"


def test_a_form_from_an_old_page(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    adres, data = vragen(wereld, dossier, netwerk="Nieuw.")
    client = Client(enforce_csrf_checks=True)
    client.force_login(wereld.an)
    with ongewijzigd():
        antwoord = client.post(adres, data)
    assert antwoord.status_code == 403
    p = keur(antwoord)
    assert p.hoofding == "Deze pagina stond te lang open"
    assert "Ga daarna in dit tabblad terug met de knop ‘Vorige’ van uw browser. Uw tekst staat er nog." in p.tekst


def test_a_very_long_title_without_spaces_breaks_no_page(wereld: Wereld):
    titel = "Eenzaamheidsbestrijdingsnetwerk" * 7
    titel = titel[:200]
    dossier = bouw.ingediend(wereld, titel=titel)
    for wie, adres in (
        (wereld.an, reverse("mijn_werk")),
        (wereld.an, reverse("dossier", args=[dossier.nummer])),
        (wereld.bea, reverse("dossier", args=[dossier.nummer])),
        (wereld.bea, reverse("ronde", args=[wereld.ronde.pk])),
        (wereld.bea, reverse("dossiers")),
    ):
        assert titel in keur(browser(wie).get(adres)).tekst


def test_an_empty_call_shows_empty_pages(wereld: Wereld):
    client = browser(wereld.bea)
    p = keur(client.get(reverse("ronde", args=[wereld.ronde.pk])))
    assert "Geen dossiers" in p.tekst
    assert "Geen betalingen" in keur(client.get(reverse("betalingen"))).tekst
    assert "Zorgzame buurten" in keur(client.get(reverse("budgetstand"))).tekst
    keur(client.get(reverse("dossiers")))
    keur(client.get(reverse("verslagen")))
    klok.zet(bouw.GESLOTEN)
    assert client.post(reverse("ronde_sluit", args=[wereld.ronde.pk])).status_code == 302
    assert client.post(reverse("ronde_start", args=[wereld.ronde.pk])).status_code == 302
    with ongewijzigd():
        antwoord = client.post(reverse("ronde_stel_voor", args=[wereld.ronde.pk]), follow=True)
    assert ("error", "Deze ronde heeft geen ontvankelijke dossiers.") in keur(antwoord).meldingen


def test_a_filter_that_matches_nothing(wereld: Wereld):
    bouw.ingediend(wereld)
    client = browser(wereld.bea)
    p = keur(client.get(reverse("ronde", args=[wereld.ronde.pk]) + "?status=geweigerd_kwaliteit"))
    assert "Geen dossiers" in p.tekst
    p = keur(client.get(reverse("dossiers") + "?zoek=bestaat+niet"))
    assert "Geen dossiers gevonden" in p.tekst
    assert p.waarde("zoek") == "bestaat niet"
    keur(client.get(reverse("dossiers") + "?zoek=%00&status=onzin&luik=x&sorteer=%3Cb%3E"))


# Autosave.


def _bewaar(client: Client, dossier: Dossier, **data: Any) -> tuple[int, dict[str, Any]]:
    antwoord = client.post(reverse("dossier_bewaar", args=[dossier.nummer]), data)
    return antwoord.status_code, antwoord.json()


def test_autosave_tells_what_became_of_each_field(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    client = browser(wereld.an)
    status, json = _bewaar(client, dossier, gewijzigd=["acties"], acties="Nieuw.", versie_acties="1")
    assert (status, json) == (200, {"status": "bewaard", "tijd": "10:00", "zin": "", "versies": {"acties": 2}})
    # Two fields, one of them changed by somebody else: the other is saved all the same, with its new version.
    velden = {"acties": "Nog nieuwer.", "versie_acties": "2", "netwerk": "Anders.", "versie_netwerk": "1"}
    opmaak.bewaar_antwoord(dossier, "netwerk", "Van de ander.", 1, door=wereld.an)
    status, json = _bewaar(client, dossier, gewijzigd=["acties", "netwerk"], **velden)
    zin = "Niet bewaard: iemand anders wijzigde dit antwoord intussen. Herlaad de pagina om die tekst te zien."
    assert (status, json) == (409, {"status": "conflict", "tijd": "10:00", "zin": zin, "versies": {"acties": 3}})
    assert dossier.antwoorden.get(sleutel="netwerk").waarde == "Van de ander."
    status, json = _bewaar(client, dossier, gewijzigd=["acties"], acties="a\x00", versie_acties="3")
    assert (status, json["status"], json["zin"], json["versies"]) == (422, "fout", ONBEWAARBAAR, {})
    with ongewijzigd():
        assert _bewaar(client, dossier, gewijzigd=["bestaat_niet"], bestaat_niet="x")[0] == 200
        assert _bewaar(client, dossier)[0] == 200
        assert _bewaar(client, dossier, gewijzigd=["acties"], acties="Zonder versie.")[0] == 409
    dossiers.dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())
    with ongewijzigd():
        status, json = _bewaar(client, dossier, gewijzigd=["acties"], acties="Te laat.", versie_acties="3")
    zin = "Dit dossier is geen concept meer en kan niet meer gewijzigd worden."
    assert (status, json["status"], json["zin"]) == (422, "fout", zin)


def test_autosave_of_somebody_who_is_signed_out(wereld: Wereld):
    dossier = bouw.volledig(wereld)
    with ongewijzigd():
        assert _bewaar(Client(), dossier, gewijzigd=["acties"], acties="x") == (401, {"status": "afgemeld"})
