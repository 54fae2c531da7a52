"""Costs from a sheet: the template comes back filled in; each fault with its cell; bombs and rubbish refused."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from dossiers.kosten import inlezen, opmaak, rekenblad
from dossiers.kosten.inlezen import KOLOMMEN, lees_blad, ontzegel, sjabloon, verzegel
from dossiers.kosten.regels import MAX_REGELS
from tests import bouw
from tests.dossiers.kosten.hulp import begonnen, kost, lopend, opnieuw
from tests.hulp import ongewijzigd, weigering

GOED = ["Werkingskosten", "Affiches", "Drukkerij", "0207.508.932", "F-1", date(2022, 6, 1), date(2022, 6, 9), 12.5]


@pytest.fixture
def staat(wereld):
    return opnieuw(begonnen(lopend(wereld)))


def blad(*rijen, koppen=None):
    boek = openpyxl.Workbook()
    boek.active.append(koppen or list(KOLOMMEN.values()))
    for rij in rijen:
        boek.active.append(rij)
    uit = BytesIO()
    boek.save(uit)
    return uit.getvalue()


def anders(**velden):
    namen = list(KOLOMMEN)
    rij = list(GOED)
    for naam, waarde in velden.items():
        rij[namen.index(naam)] = waarde
    return rij


def test_the_template_filled_in_comes_back(staat, wereld):
    stuk = sjabloon(staat)
    assert stuk.naam == f"kosten-{staat.dossier.nummer}-1.xlsx"
    boek = openpyxl.load_workbook(BytesIO(stuk.inhoud))
    assert [cel.value for cel in boek["Kosten"][1]] == list(KOLOMMEN.values())
    assert [cel.value for (cel,) in boek["Kostensoorten"].iter_rows()] == [
        "Personeelskosten",
        "Werkingskosten",
        "Uitrusting",
    ]
    (keuze,) = boek["Kosten"].data_validations.dataValidation
    assert (keuze.type, keuze.formula1, str(keuze.sqref)) == ("list", "Kostensoorten!$A$1:$A$3", "A2:A501")
    for kolom, waarde in enumerate(GOED, start=1):
        boek["Kosten"].cell(2, kolom).value = waarde
    uit = BytesIO()
    boek.save(uit)
    with ongewijzigd():
        (voorstel,) = lees_blad(uit.getvalue(), staat)
    assert (voorstel.rij, voorstel.fouten, voorstel.waarschuwingen) == (2, [], [])
    rijen = opmaak.voeg_regels_toe(staat, ontzegel(verzegel([voorstel], staat), staat), door=wereld.an)
    assert [(r.omschrijving, r.leverancier_kbo, r.bedrag_cent, r.factuurdatum) for r in rijen] == [
        ("Affiches", "0207508932", 12_50, date(2022, 6, 1))
    ]


@pytest.mark.parametrize(
    ("velden", "cel", "zin"),
    [
        ({"categorie": None}, "A2", "Vul de kolom Kostensoort in."),
        (
            {"categorie": "Reizen"},
            "A2",
            "De kostensoort 'Reizen' bestaat niet; kies uit: Personeelskosten, Werkingskosten, Uitrusting.",
        ),
        ({"omschrijving": "  "}, "B2", "Vul de kolom Omschrijving in."),
        ({"leverancier": None, "leverancier_kbo": None}, "C2", "Schrijf van welke leverancier deze factuur is."),
        (
            {"leverancier_kbo": "123"},
            "D2",
            "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
        ),
        ({"factuurdatum": "morgen"}, "F2", "'morgen' is geen datum; schrijf ze als 31/03/2022."),
        ({"factuurdatum": "31/02/2022"}, "F2", "'31/02/2022' is geen datum; schrijf ze als 31/03/2022."),
        ({"factuurdatum": 44713}, "F2", "'44713' is geen datum; schrijf ze als 31/03/2022."),
        (
            {"factuurdatum": date(2021, 1, 1)},
            "F2",
            "Deze kost is van 1 januari 2021. Kosten tellen pas vanaf 1 maart 2022.",
        ),
        ({"betaaldatum": date(2030, 1, 1)}, "G2", "De datum van betaling, 1 januari 2030, ligt in de toekomst."),
        ({"bedrag": "1,234.56"}, "H2", "Het bedrag '1,234.56' kan niet gelezen worden. Schrijf het als 1.234,56."),
        ({"bedrag": 12.345}, "H2", "Een bedrag heeft hoogstens twee cijfers na de komma."),
        ({"bedrag": 0}, "H2", "Het bedrag moet meer dan nul zijn."),
        ({"bedrag": -5}, "H2", "Het bedrag moet meer dan nul zijn."),
        ({"bedrag": True}, "H2", "Dit bedrag kan niet gelezen worden."),
        ({"bedrag": date(2022, 1, 1)}, "H2", "Dit bedrag kan niet gelezen worden."),
        ({"omschrijving": "x" * 201}, "B2", "Deze tekst is langer dan 200 tekens."),
    ],
)
def test_a_fault_is_told_with_its_cell(staat, velden, cel, zin):
    slecht, goed = lees_blad(blad(anders(**velden), anders(factuurnummer="F-2")), staat)
    assert (slecht.fouten, slecht.gegevens) == ([(cel, zin)], None)
    assert goed.fouten == []


@pytest.mark.parametrize(
    ("velden", "naam", "waarde"),
    [
        ({"factuurdatum": "1/6/2022"}, "factuurdatum", date(2022, 6, 1)),
        ({"factuurdatum": "2022-06-01"}, "factuurdatum", date(2022, 6, 1)),
        ({"factuurdatum": datetime(2022, 6, 1, 13, 5)}, "factuurdatum", date(2022, 6, 1)),  # noqa: DTZ001  as a cell has it
        ({"bedrag": "1.234,56"}, "bedrag_cent", 1234_56),
        ({"bedrag": 0.1}, "bedrag_cent", 10),
        ({"factuurnummer": 20220017}, "factuurnummer", "20220017"),
        ({"factuurnummer": 20220017.0}, "factuurnummer", "20220017"),
        ({"categorie": " werkingsKOSTEN "}, "omschrijving", "Affiches"),
        ({"omschrijving": "@SOM(A1)"}, "omschrijving", "@SOM(A1)"),
        ({"omschrijving": "-5 korting"}, "omschrijving", "-5 korting"),
    ],
)
def test_what_people_type_is_read(staat, velden, naam, waarde):
    (voorstel,) = lees_blad(blad(anders(**velden)), staat)
    assert voorstel.fouten == []
    assert getattr(voorstel.gegevens, naam) == waarde


def test_two_faults_in_one_row(staat):
    (voorstel,) = lees_blad(blad(anders(bedrag="x", factuurdatum="y")), staat)
    assert [cel for cel, _ in voorstel.fouten] == ["F2", "H2"]


def test_an_invoice_that_is_there_already_or_twice_in_the_file(staat, wereld):
    spel_kost = kost(lopend_van(wereld), factuurnummer="F 1", leverancier="DRUKKERIJ", leverancier_kbo="0207508932")
    opmaak.voeg_regels_toe(staat, [spel_kost], door=wereld.an)
    een, twee, drie = lees_blad(blad(GOED, anders(factuurnummer="F-2"), anders(factuurnummer="f2")), staat)
    assert een.fouten == [("E2", "Deze factuur staat ook op regel 1 van deze kostenstaat.")]
    assert (twee.fouten, drie.fouten) == ([], [("E4", "Deze factuur staat ook op rij 3 van dit bestand.")])


def lopend_van(wereld):
    from tests.dossiers.kosten.hulp import Spel, van

    return Spel(wereld, van(wereld, "Aartselaar"))


def test_columns_in_another_order_and_rows_that_are_empty(staat):
    koppen = list(KOLOMMEN.values())[::-1]
    inhoud = blad([None] * 8, GOED[::-1], ["", None], koppen=[*koppen, "Nota"])
    (voorstel,) = lees_blad(inhoud, staat)
    assert (voorstel.rij, voorstel.fouten) == (3, [])


@pytest.mark.parametrize(
    ("inhoud", "code", "zin"),
    [
        (
            lambda: blad(GOED[1:], koppen=list(KOLOMMEN.values())[1:]),
            "kop_ontbreekt",
            "De kolom 'Kostensoort' ontbreekt op de eerste rij. Gebruik het sjabloon van deze pagina.",
        ),
        (blad, "blad_leeg", "In dit bestand staan geen kosten."),
        (
            lambda: blad(*[anders(factuurnummer=i) for i in range(MAX_REGELS + 1)]),
            "te_veel_regels",
            "Dit bestand heeft meer dan 500 regels. Verdeel het over meer bestanden.",
        ),
        (lambda: b"geen zip", "bestand_onleesbaar", None),
        (lambda: b"", "bestand_onleesbaar", None),
        (bouw.xlsx, "bestand_onleesbaar", None),
        (lambda: blad(GOED)[:-100], "bestand_onleesbaar", None),
        (lambda: b"x" * (rekenblad.MAX_BYTES + 1), "bestand_te_groot", "Dit bestand is groter dan 2 MB."),
        (lambda: zip_met(b"\0" * (30 * 1024 * 1024)), "zip_verdacht", None),
        (lambda: zip_met(b"", delen=300), "zip_verdacht", None),
    ],
)
def test_a_file_that_is_refused_whole(staat, inhoud, code, zin):
    vast = {
        "bestand_onleesbaar": "Dit bestand kan niet gelezen worden. Bewaar het in uw rekenprogramma opnieuw als xlsx.",
        "zip_verdacht": "Dit bestand is geen gewoon rekenblad: uitgepakt is het veel te groot, of het is beveiligd.",
    }
    with ongewijzigd(), weigering(code, zin or vast[code], "bestand"):
        lees_blad(inhoud(), staat)


def zip_met(inhoud, delen=1):
    uit = BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as archief:
        for i in range(delen):
            archief.writestr(f"xl/deel{i}.xml", inhoud)
    return uit.getvalue()


@pytest.mark.parametrize("deel", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"])
def test_entities_are_not_expanded(staat, deel):
    bron, uit = BytesIO(blad(GOED)), BytesIO()
    bom = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(bron) as oud, zipfile.ZipFile(uit, "w") as nieuw:
        for naam in oud.namelist():
            nieuw.writestr(naam, bom if naam == deel else oud.read(naam))
    with weigering("bestand_onleesbaar", rekenblad._onleesbaar().zin, "bestand"):
        lees_blad(uit.getvalue(), staat)


def test_a_seal_is_for_this_claim_and_not_for_ever(staat, monkeypatch):
    (voorstel,) = lees_blad(blad(GOED), staat)
    zegel = verzegel([voorstel], staat)
    verlopen = ("voorvertoning_verlopen", "Kies het bestand opnieuw: dit voorbeeld is te oud.", "bestand")
    ander = opnieuw(staat)
    ander.pk += 1
    for tekst, van in ((zegel, ander), (zegel[:-1], staat), ("", staat)):
        with weigering(*verlopen):
            ontzegel(tekst, van)
    monkeypatch.setattr(inlezen, "_GELDIG_SECONDEN", -1)
    with weigering(*verlopen):
        ontzegel(zegel, staat)
