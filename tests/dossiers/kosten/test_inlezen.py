"""Costs from a sheet: the template comes back filled in; each fault with its cell; bombs and rubbish refused."""

import csv
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest

from dossiers.kosten import inlezen, opmaak
from dossiers.kosten.inlezen import KOLOMMEN, ontzegel, sjabloon, verzegel
from dossiers.kosten.regels import MAX_REGELS
from kern.inlezen import lezer
from tests import bouw
from tests.dossiers.kosten.hulp import begonnen, kost, opnieuw
from tests.hulp import ongewijzigd, weigering

ONLEESBAAR = "Dit bestand kan niet gelezen worden. Bewaar het als .xlsx of .csv en probeer opnieuw."
BOM = "Uitgepakt is dit bestand te groot om veilig te lezen. Splits het, of bewaar het als .csv."
DATUMVORM = "Schrijf ze als dd/mm/jjjj of jjjj-mm-dd."
GOED = ["Werkingskosten", "Affiches", "Drukkerij", "0207.508.932", "F-1", date(2022, 6, 1), date(2022, 6, 9), 12.5]


@pytest.fixture
def staat(spel):
    return opnieuw(begonnen(spel))


def lees_blad(inhoud, staat):
    return inlezen.lees_blad(BytesIO(inhoud), staat)


def blad(*rijen, koppen=None):
    boek = openpyxl.Workbook()
    boek.active.append(koppen or list(KOLOMMEN.values()))
    for rij in rijen:
        boek.active.append(rij)
    uit = BytesIO()
    boek.save(uit)
    return uit.getvalue()


def als_csv(*rijen, scheiding=";", codering="utf-8-sig"):
    tekst = StringIO()
    csv.writer(tekst, delimiter=scheiding).writerows([KOLOMMEN.values(), *rijen])
    return tekst.getvalue().encode(codering)


def anders(**velden):
    namen = list(KOLOMMEN)
    rij = list(GOED)
    for naam, waarde in velden.items():
        rij[namen.index(naam)] = waarde
    return rij


def test_the_template_filled_in_comes_back(staat, spel):
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
    rijen = opmaak.voeg_regels_toe(staat, ontzegel(verzegel([voorstel], staat), staat), door=spel.w.an)
    assert [(r.omschrijving, r.leverancier_kbo, r.bedrag_cent, r.factuurdatum) for r in rijen] == [
        ("Affiches", "0207508932", 12_50, date(2022, 6, 1))
    ]


FOUTEN = [
    ({"categorie": None}, "Cel A2: vul de kolom Kostensoort in."),
    (
        {"categorie": "Reizen"},
        "Cel A2: de kostensoort 'Reizen' bestaat niet; kies uit: Personeelskosten, Werkingskosten, Uitrusting.",
    ),
    ({"omschrijving": "  "}, "Cel B2: vul de kolom Omschrijving in."),
    ({"leverancier": None, "leverancier_kbo": None}, "Cel C2: schrijf van welke leverancier deze factuur is."),
    (
        {"leverancier_kbo": "123"},
        "Cel D2: dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
    ),
    ({"factuurdatum": None}, "Cel F2: vul de kolom Factuurdatum in."),
    (
        {"factuurdatum": "morgen"},
        f"Cel F2: de datum 'morgen' kan niet op één manier gelezen worden. {DATUMVORM}",
    ),
    (
        {"factuurdatum": "1-6-2022"},
        f"Cel F2: de datum '1-6-2022' kan niet op één manier gelezen worden. {DATUMVORM}",
    ),
    ({"factuurdatum": "31/02/2022"}, f"Cel F2: de datum '31/02/2022' bestaat niet. {DATUMVORM}"),
    (
        {"factuurdatum": date(2021, 1, 1)},
        "Cel F2: deze kost is van 1 januari 2021. Kosten tellen pas vanaf 1 maart 2022.",
    ),
    ({"betaaldatum": date(2030, 1, 1)}, "Cel G2: de datum van betaling, 1 januari 2030, ligt in de toekomst."),
    ({"bedrag": "1,234.56"}, "Cel H2: het bedrag '1,234.56' kan niet gelezen worden. Schrijf het als 1.234,56."),
    (
        {"bedrag": "1.234"},
        "Cel H2: het bedrag '1.234' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23.",
    ),
    ({"bedrag": 0}, "Cel H2: het bedrag moet meer dan nul zijn."),
    ({"bedrag": -5}, "Cel H2: het bedrag moet meer dan nul zijn."),
    ({"omschrijving": "x" * 201}, "Cel B2: deze tekst is langer dan 200 tekens."),
]
# What only cells with a type can hold.
FOUTEN_XLSX = [
    ({"factuurdatum": 44713}, f"Cel F2: 44713 is geen datum. {DATUMVORM}"),
    (
        {"factuurdatum": datetime(2022, 6, 1, 13, 5)},  # noqa: DTZ001  as a cell has it
        "Cel F2: hier staat ook een uur: 01/06/2022 13:05. Vul alleen de dag in.",
    ),
    ({"bedrag": 12.345}, "Cel H2: een bedrag heeft hoogstens twee cijfers na de komma."),
    ({"bedrag": True}, "Cel H2: dit bedrag kan niet gelezen worden."),
    ({"bedrag": date(2022, 1, 1)}, "Cel H2: dit bedrag kan niet gelezen worden."),
    ({"bedrag": "=10+2"}, "Cel H2: hier staat een formule (=10+2). Plak de uitkomst als waarde."),
    ({"omschrijving": "=A1"}, "Cel B2: hier staat een formule (=A1). Plak de uitkomst als waarde."),
    ({"bedrag": "#REF!"}, "Cel H2: hier staat de foutwaarde #REF!."),
    ({"factuurnummer": date(2022, 3, 1)}, "Cel E2: hier hoort een tekst."),
]


@pytest.mark.parametrize(
    ("maak", "velden", "zin"),
    [(blad, *geval) for geval in (*FOUTEN, *FOUTEN_XLSX)] + [(als_csv, *geval) for geval in FOUTEN],
)
def test_a_fault_is_told_with_its_cell(staat, maak, velden, zin):
    slecht, goed = lees_blad(maak(anders(**velden), anders(factuurnummer="F-2")), staat)
    assert (slecht.fouten, slecht.gegevens) == ([zin], None)
    assert goed.fouten == []


@pytest.mark.parametrize(
    ("velden", "naam", "waarde"),
    [
        ({"factuurdatum": "1/6/2022"}, "factuurdatum", date(2022, 6, 1)),
        ({"factuurdatum": "2022-06-01"}, "factuurdatum", date(2022, 6, 1)),
        ({"factuurdatum": datetime(2022, 6, 1)}, "factuurdatum", date(2022, 6, 1)),  # noqa: DTZ001  as a cell has it
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


@pytest.mark.parametrize(("scheiding", "codering"), [(";", "utf-8-sig"), (",", "utf-8"), (";", "cp1252")])
def test_csv_is_read_like_a_sheet(staat, scheiding, codering):
    rij = anders(omschrijving="Café; affiches, 'A3'", bedrag="1.234,56", factuurdatum="1/06/2022")
    inhoud = als_csv(rij, [""] * 8, anders(factuurnummer="F-2"), scheiding=scheiding, codering=codering)
    een, twee = lees_blad(inhoud, staat)
    assert (een.rij, een.fouten, twee.rij, twee.fouten) == (2, [], 4, [])
    g = een.gegevens
    assert (g.omschrijving, g.bedrag_cent, g.factuurdatum) == ("Café; affiches, 'A3'", 1234_56, date(2022, 6, 1))
    assert (g.leverancier_kbo, g.categorie.naam, twee.gegevens.bedrag_cent) == ("0207508932", "Werkingskosten", 12_50)


def test_two_faults_in_one_row_that_is_shown_as_it_was_typed(staat):
    dag = date(2022, 6, 9)
    (voorstel,) = lees_blad(blad(anders(bedrag="x", factuurdatum="y", betaaldatum=dag, factuurnummer=7.0)), staat)
    assert voorstel.fouten == [
        f"Cel F2: de datum 'y' kan niet op één manier gelezen worden. {DATUMVORM}",
        "Cel H2: het bedrag 'x' kan niet gelezen worden. Schrijf het als 1.234,56.",
    ]
    toont = {naam: voorstel.waarden[naam] for naam in ("bedrag", "factuurdatum", "betaaldatum", "factuurnummer")}
    assert toont == {"bedrag": "x", "factuurdatum": "y", "betaaldatum": "9/6/2022", "factuurnummer": "7"}


def test_an_invoice_that_is_there_already_or_twice_in_the_file(staat, spel):
    spel_kost = kost(spel, factuurnummer="F 1", leverancier="DRUKKERIJ", leverancier_kbo="0207508932")
    opmaak.voeg_regels_toe(staat, [spel_kost], door=spel.w.an)
    een, twee, drie = lees_blad(blad(GOED, anders(factuurnummer="F-2"), anders(factuurnummer="f2")), staat)
    assert een.fouten == ["Cel E2: deze factuur staat ook op regel 1 van deze kostenstaat."]
    assert (twee.fouten, drie.fouten) == ([], ["Cel E4: deze factuur staat ook op rij 3 van dit bestand."])


def test_columns_in_another_order_and_rows_that_are_empty(staat):
    koppen = list(KOLOMMEN.values())[::-1]
    inhoud = blad([None] * 8, GOED[::-1], ["", None], koppen=[*koppen, "Nota"])
    (voorstel,) = lees_blad(inhoud, staat)
    assert (voorstel.rij, voorstel.fouten) == (3, [])


KOP_ONTBREEKT = "De kolom 'Kostensoort' ontbreekt in dit bestand. Gebruik het sjabloon van deze pagina."


@pytest.mark.parametrize(
    ("inhoud", "code", "zin"),
    [
        (lambda: blad(GOED[1:], koppen=list(KOLOMMEN.values())[1:]), "kolom_ontbreekt", KOP_ONTBREEKT),
        (blad, "blad_leeg", "In dit bestand staan geen kosten."),
        (als_csv, "blad_leeg", "In dit bestand staan geen kosten."),
        (
            lambda: blad(*[anders(factuurnummer=i) for i in range(MAX_REGELS + 1)]),
            "te_veel_regels",
            "Dit bestand heeft meer dan 500 regels. Verdeel het over meer bestanden.",
        ),
        (
            lambda: blad([*GOED, "nota"]),
            "cel_zonder_kop",
            "Cel I2: boven deze kolom staat geen kop. Maak de cel leeg of geef de kolom een kop.",
        ),
        (lambda: b"geen zip", "kolom_ontbreekt", KOP_ONTBREEKT),
        (lambda: b"PK\x03\x04 geen zip", "bestand_onleesbaar", ONLEESBAAR),
        (lambda: bouw.PDF, "bestand_soort", "Dit bestand is geen rekenblad: kies .xlsx of .csv."),
        (lambda: b"", "bestand_leeg", "Dit bestand is leeg."),
        (bouw.xlsx, "bestand_onleesbaar", ONLEESBAAR),
        (lambda: blad(GOED)[:-100], "bestand_onleesbaar", ONLEESBAAR),
        (
            lambda: b"x" * (lezer.MEESTE_BYTES + 1),
            "bestand_te_groot",
            "Dit bestand is te groot: hoogstens 10 MB.",
        ),
        (lambda: zip_met(b"\0" * (30 * 1024 * 1024)), "bestand_te_groot", BOM),
        (lambda: zip_met(b"", delen=300), "bestand_onleesbaar", ONLEESBAAR),
        (lambda: zip_met(b"", delen=lezer.MEESTE_DELEN + 1), "bestand_te_groot", BOM),
        (lambda: beveiligd(blad(GOED)), "bestand_onleesbaar", ONLEESBAAR),
    ],
)
def test_a_file_that_is_refused_whole(staat, inhoud, code, zin):
    with ongewijzigd(), weigering(code, zin, "bestand"):
        lees_blad(inhoud(), staat)


def beveiligd(inhoud):
    """Return a zip whose list says that every part needs a password."""
    uit = bytearray(inhoud)
    plek = uit.find(b"PK\x01\x02")
    while plek >= 0:
        uit[plek + 8] |= 1
        plek = uit.find(b"PK\x01\x02", plek + 1)
    return bytes(uit)


def zip_met(inhoud, delen=1):
    uit = BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as archief:
        for i in range(delen):
            archief.writestr(f"xl/deel{i}.xml", inhoud)
    return uit.getvalue()


@pytest.mark.parametrize("deel", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("codering", ["utf-8", "utf-16"])
def test_entities_are_not_expanded(staat, deel, codering):
    bron, uit = BytesIO(blad(GOED)), BytesIO()
    xml = f'<?xml version="1.0" encoding="{codering}"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    bom = xml.encode(codering)
    with zipfile.ZipFile(bron) as oud, zipfile.ZipFile(uit, "w") as nieuw:
        for naam in oud.namelist():
            nieuw.writestr(naam, bom if naam == deel else oud.read(naam))
    with weigering("bestand_onleesbaar", ONLEESBAAR, "bestand"):
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
