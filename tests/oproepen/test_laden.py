"""A call from a data file: stored whole with every figure, or refused with file and place and nothing stored."""

import copy
import json
from datetime import date

import pytest

from kern import klok
from kern.weigering import Weigering
from oproepen.laden import GEGEVENS, bedrag, lees_bestand, maak_oproep_op
from oproepen.models import Betaalschijf, Criterium, Luik, Oproep, Ronde, Verslagmoment, Voorwaarde, Vraag
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, weigering, weigert

SLUG_ZIN = (
    "oproep: slug: Voer een geldige ‘slug’ in, bestaande uit letters, cijfers, liggende streepjes en "
    "verbindingsstreepjes."
)


@pytest.fixture
def gegevens():
    return lees_bestand(GEGEVENS / "zorgzame-buurten.json")


@pytest.fixture
def systeem(db):
    return Gebruiker.objects.systeem()


def fout_bij_lezen(pad):
    with pytest.raises(Weigering) as gevangen:
        lees_bestand(pad)
    return (gevangen.value.code, gevangen.value.zin, gevangen.value.veld)


def test_a_missing_file(tmp_path):
    pad = tmp_path / "geen.json"
    assert fout_bij_lezen(pad) == ("bestand_ontbreekt", "geen.json: dit bestand bestaat niet.", None)
    assert fout_bij_lezen(tmp_path)[0] == "bestand_ontbreekt"


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (b'{\n  "slug": "x",\n  "code" "ZB"\n}', "oproep.json, regel 3: geen geldige JSON."),
        (b"", "oproep.json, regel 1: geen geldige JSON."),
        (b'{\n "slug": "x"\n', "oproep.json, regel 3: geen geldige JSON."),
        ('{"titel": "één"}'.encode("latin-1"), "oproep.json: dit bestand is geen UTF-8."),
        (b"[]", "oproep.json: dit bestand bevat geen oproep."),
        (b'"slug"', "oproep.json: dit bestand bevat geen oproep."),
        (b"5", "oproep.json: dit bestand bevat geen oproep."),
        (b"null", "oproep.json: dit bestand bevat geen oproep."),
    ],
)
def test_an_unreadable_file(tmp_path, inhoud, zin):
    pad = tmp_path / "oproep.json"
    pad.write_bytes(inhoud)
    assert fout_bij_lezen(pad) == ("bestand_onleesbaar", zin, None)


VELDEN = ["slug", "code", "titel", "samenvatting", "verstrekker", "doelgroep"]
LIJSTEN = ["luiken", "voorwaarden", "rondes", "vragen", "criteria", "verslagen", "schijven"]


@pytest.mark.parametrize("veld", [*VELDEN, *LIJSTEN])
def test_a_file_without_a_field(tmp_path, gegevens, veld):
    del gegevens[veld]
    pad = tmp_path / "oproep.json"
    pad.write_text(json.dumps(gegevens), encoding="utf-8")
    assert fout_bij_lezen(pad) == ("veld_ontbreekt", f"oproep.json: het veld '{veld}' ontbreekt.", None)


@pytest.mark.parametrize(("waarde", "cent"), [("50000.00", 50_000_00), ("0.01", 1), ("12", 12_00), ("-1.5", -1_50)])
def test_an_amount_in_a_data_file_is_a_decimal_string(waarde, cent):
    assert bedrag(waarde, "plaats") == cent


@pytest.mark.parametrize(
    "waarde", ["50.000,00", "1,5", "1.234.5", "", "NaN", "Infinity", "1.005", 50000, 1.5, None, ["1"]]
)
def test_an_amount_in_another_notation_is_refused_with_its_place(waarde):
    zin = f'x, luik y: het bedrag {waarde!r} kan niet gelezen worden; schrijf het als "50000.00".'
    with weigering("bedrag_onleesbaar", zin):
        bedrag(waarde, "x, luik y")


def test_a_call_is_stored_whole(systeem, gegevens):
    klok.zet(klok.brussel(2021, 6, 1, 9))
    with geschiedenis() as nieuw:
        oproep = maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    rij = Oproep.objects.values().get(pk=oproep.pk)
    assert rij == {
        "id": oproep.pk,
        "slug": "zorgzame-buurten",
        "code": "ZB",
        "titel": "Zorgzame buurten",
        "actie_nr": 18,
        "samenvatting": gegevens["samenvatting"],
        "verstrekker": gegevens["verstrekker"],
        "voor_wie": gegevens["doelgroep"],
        "verplichte_bijlage": "het formulier netwerksamenstelling, met de bevestiging van elke partner",
        "tweede_goedkeuring_vanaf_cent": None,
        "aangekondigd_budget_cent": 13_500_000_00,
        "budget_basis": "totaal",
        "budget_toelichting": "",
        "aangekondigd_maximum_cent": None,
        "maximum_basis": "",
        "looptijd_maanden": None,
        "aangekondigde_selectie": "",
        "aangekondigde_aanvragers": [],
        "status": "ontwerp",
        "opgesteld_door_id": systeem.pk,
        "gepubliceerd_op": None,
    }
    assert list(
        Luik.objects.values_list("slug", "naam", "max_per_jaar_cent", "aantal_jaren", "project_van", "project_tot")
    ) == [
        ("vlaanderen", "Vlaanderen", 50_000_00, 2, date(2022, 3, 1), date(2024, 2, 29)),
        ("brussel", "Brussel", 100_000_00, 2, date(2022, 3, 1), date(2024, 2, 29)),
    ]
    assert [luik.maximum_cent for luik in Luik.objects.all()] == [100_000_00, 200_000_00]
    rondes = Ronde.objects.values_list(
        "luik__slug", "nummer", "opent_op", "sluit_op", "selectie", "minimumscore", "lezers_per_dossier", "status"
    )
    opent, regel = klok.brussel(2021, 6, 11), ("rangschikking", 60, 2, "gepland")
    assert list(rondes) == [(luik, 1, opent, bouw.DEADLINE, *regel) for luik in ("vlaanderen", "brussel")]
    vragen = Vraag.objects.values_list(
        "versie__nummer", "volgorde", "sleutel", "soort", "verplicht", "max_woorden", "keuzes"
    )
    assert list(vragen) == [
        (1, 1, "buurtanalyse", "lang", True, 500, []),
        (1, 2, "doelgroep", "lang", True, 300, []),
        (1, 3, "acties", "lang", True, 600, []),
        (1, 4, "netwerk", "lang", True, 300, []),
        (1, 5, "bewoners", "getal", True, None, []),
        (1, 6, "soort_buurt", "keuze", True, None, ["Landelijk", "Dorpskern", "Voorstedelijk", "Stedelijk"]),
    ]
    assert list(Criterium.objects.values_list("volgorde", "sleutel", "gewicht", "max_punten")) == [
        (1, "kwaliteit", 30, 10),
        (2, "netwerk", 25, 10),
        (3, "buurt", 20, 10),
        (4, "haalbaarheid", 15, 10),
        (5, "duurzaamheid", 10, 10),
    ]
    voorwaarden = Voorwaarde.objects.values_list("luik__slug", "soort", "waarden", "zin")
    assert list(voorwaarden) == [
        (luik, v["soort"], v["waarden"], v["zin"])
        for luik in ("vlaanderen", "brussel")
        for v in gegevens["voorwaarden"]
    ]
    momenten = [("jaar-1", "tussentijds", date(2023, 3, 31)), ("eind", "eind", date(2024, 5, 31))]
    assert list(Verslagmoment.objects.values_list("sleutel", "soort", "uiterlijk")) == momenten * 2
    schijven = Betaalschijf.objects.values_list("volgorde", "procent", "aanleiding", "verslagmoment__sleutel")
    assert (
        list(schijven) == [(1, 50, "vastlegging", None), (2, 40, "verslag", "jaar-1"), (3, 10, "verslag", "eind")] * 2
    )
    assert all(s.verslagmoment is None or s.verslagmoment.luik_id == s.luik_id for s in Betaalschijf.objects.all())
    assert nieuw.feiten == [
        feit(oproep, "oproep.maak_op", systeem, naar="ontwerp", inhoud={"slug": "zorgzame-buurten"})
    ]
    assert nieuw.mails == []
    alles_klopt()


def test_loading_twice_is_refused(systeem, gegevens):
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    with weigert("oproep_bestaat", "De oproep 'zorgzame-buurten' bestaat al."):
        maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    with weigert("oproep_bestaat", "anders: de code 'ZB' is al in gebruik."):
        maak_oproep_op(systeem, gegevens=gegevens | {"slug": "anders"}, door=systeem)


def zet(*plaats):
    """Return a change of the data: the last of `plaats` is the value, the rest where it goes."""
    *pad, sleutel, waarde = plaats

    def wijzig(gegevens):
        for deel in pad:
            gegevens = gegevens[deel]
        gegevens[sleutel] = waarde

    return wijzig


def laat_weg(*plaats):
    *pad, sleutel = plaats

    def wijzig(gegevens):
        for deel in pad:
            gegevens = gegevens[deel]
        del gegevens[sleutel]

    return wijzig


def ongeldig(zin, *plaats):
    return pytest.param(zet(*plaats), "waarde_ongeldig", f"zorgzame-buurten: {zin}", id=zin[:60])


def onleesbaar(waarde):
    zin = f'zorgzame-buurten, luik brussel: het bedrag {waarde!r} kan niet gelezen worden; schrijf het als "50000.00".'
    return pytest.param(zet("luiken", 1, "max_per_jaar", waarde), "bedrag_onleesbaar", zin, id=f"bedrag {waarde!r}")


def ontbreekt(*plaats):
    zin = f"zorgzame-buurten: het veld '{plaats[-1]}' ontbreekt."
    return pytest.param(laat_weg(*plaats), "veld_ontbreekt", zin, id=f"zonder {plaats}")


FOUTEN = [
    ongeldig("de gewichten van de criteria tellen op tot 101, niet 100.", "criteria", 0, "gewicht", 31),
    ongeldig("de gewichten van de criteria tellen op tot 70, niet 100.", "criteria", 0, "gewicht", 0),
    ongeldig("de gewichten van de criteria tellen op tot 0, niet 100.", "criteria", []),
    ongeldig("gewicht 30.0 is geen geheel getal.", "criteria", 0, "gewicht", 30.0),
    ongeldig("gewicht '30' is geen geheel getal.", "criteria", 0, "gewicht", "30"),
    ongeldig("de schijven tellen op tot 99 procent, niet 100.", "schijven", 2, "procent", 9),
    ongeldig("de schijven tellen op tot 0 procent, niet 100.", "schijven", []),
    ongeldig("schijf 3: procent '10' kan niet gelezen worden; schrijf 50 of \"22.5\".", "schijven", 2, "procent", "10"),
    ongeldig("onbekende soort vraag 'bestand'.", "vragen", 5, "soort", "bestand"),
    ongeldig("vraag 1: label: Dit veld kan niet leeg zijn.", "vragen", 0, "label", ""),
    ongeldig("vraag 1: onbekend veld 'hulp'.", "vragen", 0, "hulp", "x"),
    ongeldig("vraag 1: max_woorden 1.5 is geen geheel getal.", "vragen", 0, "max_woorden", 1.5),
    ongeldig("criterium 2: naam: Dit veld kan niet leeg zijn.", "criteria", 1, "naam", ""),
    ongeldig("voorwaarde: soort: Waarde 'gebied' is geen geldige keuze.", "voorwaarden", 0, "soort", "gebied"),
    ongeldig("voorwaarde: waarden: Dit veld mag niet leeg zijn.", "voorwaarden", 0, "waarden", None),
    ongeldig("ronde 1: een moment heeft een tijdzone nodig.", "rondes", 0, "sluit", "2021-11-08T09:00:00"),
    ongeldig("ronde 1: een moment heeft een tijdzone nodig.", "rondes", 0, "opent", "2021-06-11"),
    ongeldig("ronde 1: de ronde sluit niet na haar opening.", "rondes", 0, "sluit", "2021-06-10T22:00:00Z"),
    ongeldig(
        "ronde 1: '8 november' is geen moment; schrijf het als 2021-11-08T09:00:00+01:00.",
        "rondes",
        0,
        "sluit",
        "8 november",
    ),
    ongeldig("ronde 1: None is geen moment; schrijf het als 2021-11-08T09:00:00+01:00.", "rondes", 0, "opent", None),
    ongeldig("onbekende selectieregel 'loting'.", "rondes", 0, "selectie", "loting"),
    ongeldig("ronde 1: minstens één jurylid leest een dossier.", "rondes", 0, "lezers_per_dossier", 0),
    ongeldig("ronde 1: minimumscore 59.5 is geen geheel getal.", "rondes", 0, "minimumscore", 59.5),
    ongeldig(
        "luik brussel: '2024-02-30' is geen datum; schrijf ze als 2022-03-01.", "luiken", 1, "project_tot", "2024-02-30"
    ),
    ongeldig(
        "verslag eind: '31/05/2024' is geen datum; schrijf ze als 2022-03-01.",
        "verslagen",
        1,
        "uiterlijk",
        "31/05/2024",
    ),
    ongeldig("verslag eind: soort: Waarde 'slot' is geen geldige keuze.", "verslagen", 1, "soort", "slot"),
    ongeldig("schijf 1: onbekende aanleiding 'later'.", "schijven", 0, "aanleiding", "later"),
    ongeldig("schijf 3: onbekend verslag 'jaar-2'.", "schijven", 2, "verslag", "jaar-2"),
    ongeldig(SLUG_ZIN, "slug", "zorgzame buurten"),
    ongeldig("een lijst of veld heeft niet de verwachte vorm.", "criteria", None),
    ongeldig("een lijst of veld heeft niet de verwachte vorm.", "luiken", ["brussel"]),
    ongeldig("een lijst of veld heeft niet de verwachte vorm.", "vragen", 0, None),
    *(onleesbaar(waarde) for waarde in ("50.000,00", 100000, "100000.001", "")),
    *(
        ontbreekt(*plaats)
        for plaats in (
            ("criteria", 0, "gewicht"),
            ("schijven", 0, "naam"),
            ("schijven", 1, "aanleiding"),
            ("vragen", 0, "soort"),
            ("luiken", 0, "slug"),
            ("luiken", 1, "beslisser"),
            ("luiken", 1, "max_per_jaar"),
            ("luiken", 1, "begrotingsartikel"),
            ("rondes", 0, "nr"),
            ("rondes", 0, "sluit"),
            ("rondes", 0, "lezers_per_dossier"),
            ("verslagen", 1, "uiterlijk"),
        )
    ),
]


@pytest.mark.parametrize(("wijzig", "code", "zin"), FOUTEN)
def test_wrong_data_is_refused_with_its_place_and_stores_nothing(systeem, gegevens, wijzig, code, zin):
    fout = copy.deepcopy(gegevens)
    wijzig(fout)
    zin = zin.replace("zorgzame-buurten", fout["slug"])
    with weigert(code, zin):
        maak_oproep_op(systeem, gegevens=fout, door=systeem)
    # Nothing was left behind: the right file still loads.
    assert maak_oproep_op(systeem, gegevens=gegevens, door=systeem).status == "ontwerp"
