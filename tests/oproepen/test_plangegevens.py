"""The plan as data against the plan as text: every figure, both ways.

`tests/gegevens/plan_budgetpassages.json` holds, for each action, the literal words of the plan under "Budget",
taken from the text by rule and not by hand. `oproepen/gegevens/eenzaamheidsplan.json` was read by a person.
These tests hold one against the other.
"""

import json
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

WORTEL = Path(__file__).resolve().parents[2]
GEGEVENS = WORTEL / "oproepen" / "gegevens"


def lees(pad: Path):
    return json.loads(pad.read_text(encoding="utf-8"))


PLAN = lees(GEGEVENS / "eenzaamheidsplan.json")
ACTIES = PLAN["acties"]
PASSAGES = lees(WORTEL / "tests" / "gegevens" / "plan_budgetpassages.json")
BRON = PASSAGES.pop("_bron")
REGELS = [(actie, budget) for actie in ACTIES for budget in actie["budgetten"]]

# The answer to the parliamentary question names these; it says of all others that they are being carried out.
OP_TE_STARTEN = {1}
AFGEROND = {3, 5, 8, 9, 33}

OPROEPEN = {
    2: "huizen-van-het-kind",
    3: "mentaal-welzijn-kinderen-en-jongeren",
    4: "overkop",
    6: "verbindingsambassadeurs",
    9: "werkbaar-telewerk",
    18: "zorgzame-buurten",
    29: "proeftuinen-geintegreerde-zorg",
    31: "gbo-nabestaanden",
}
VOOR_WIE = {
    "gemeente",
    "ocmw",
    "vzw",
    "zorgraad",
    "welzijnsorganisatie",
    "jeugdorganisatie",
    "onderneming",
    "huis_van_het_kind",
    "samenwerkingsverband",
    "andere",
}

# A point or a comma followed by one or two digits is a decimal mark: the plan writes 193.331,89 and 1.35 miljoen.
GETAL = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
BEDRAG = re.compile(rf"€\s*(?P<na>{GETAL})(?!\d)|(?<![\d.,])(?P<voor>{GETAL})\s*(?P<miljoen>miljoen\s*)?(?:euro\b|€)")


def bedragen(tekst: str) -> list[Decimal]:
    """Every amount of money that a Dutch text names, in order."""
    gevonden = []
    for treffer in BEDRAG.finditer(tekst):
        cijfers = treffer["na"] or treffer["voor"]
        if "," in cijfers or re.search(r"\.\d{3}", cijfers):
            cijfers = cijfers.replace(".", "").replace(",", ".")
        gevonden.append(Decimal(cijfers) * (1_000_000 if treffer["miljoen"] else 1))
    return gevonden


def schrijfwijzen(bedrag: Decimal) -> set[str]:
    """The ways in which the plan may write an amount: 300.000 and 193.331,89 and 13,5 miljoen."""
    euro, cent = f"{bedrag:.2f}".split(".")
    groepen = f"{int(euro):,}".replace(",", ".")
    wijzen = {f"{groepen},{cent}"}
    if cent == "00":
        wijzen.add(groepen)
        miljoen = f"{(bedrag / 1_000_000).normalize():f}"
        wijzen |= {f"{miljoen} miljoen", f"{miljoen.replace('.', ',')} miljoen"}
    return wijzen


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("3.000.000 euro", ["3000000"]),
        ("1.35 miljoen euro", ["1350000"]),
        ("13,5 miljoen euro", ["13500000"]),
        ("subsidie Lus: 282.339,25€• meer", ["282339.25"]),
        ("ontvangen van €442.000 voor", ["442000"]),
        ("61.330 euro voor het ene en 33.842 euro voor het andere", ["61330", "33842"]),
        ("2022-2025: nog te bepalen in de COVID-19-crisis", []),
    ],
)
def test_de_lezer_van_bedragen(tekst, verwacht):
    assert bedragen(tekst) == [Decimal(bedrag) for bedrag in verwacht]


def test_drie_speerpunten_en_drieendertig_acties():
    assert [speerpunt["nr"] for speerpunt in PLAN["speerpunten"]] == [1, 2, 3]
    assert [actie["nr"] for actie in ACTIES] == list(range(1, 34))
    assert [actie["speerpunt"] for actie in ACTIES] == [1] * 17 + [2] * 12 + [3] * 4
    assert len({actie["titel"] for actie in ACTIES}) == 33


def test_de_passages_komen_uit_dezelfde_tekst():
    assert BRON["sha256"] == PLAN["plan"]["bron"]["sha256"]
    assert BRON["titel"] == PLAN["plan"]["bron"]["titel"]
    assert set(PASSAGES) == {str(nr) for nr in range(1, 34)}
    assert all(passage == " ".join(passage.split()) for passage in PASSAGES.values())


@pytest.mark.parametrize("actie", ACTIES, ids=lambda actie: str(actie["nr"]))
def test_dezelfde_bedragen_in_plan_en_gegevens(actie):
    """Both ways and with their number: 5.000 euro stands twice in action 18. There are no exceptions."""
    gegevens = Counter(Decimal(regel["bedrag"]) for regel in actie["budgetten"] if regel["bedrag"] is not None)
    assert gegevens == Counter(bedragen(PASSAGES[str(actie["nr"])]))


@pytest.mark.parametrize(("nr", "passage"), PASSAGES.items())
def test_geen_getal_in_een_passage_ontsnapt_aan_de_lezer(nr, passage):
    """What is left after the amounts are only years, days of a month, and the name COVID-19."""
    rest = BEDRAG.sub(" ", passage)
    rest = re.sub(r"\b20[12]\d\b|\b\d{1,2} (?:september|november|december)\b|COVID-19", " ", rest)
    assert not re.search(r"\d", rest), f"actie {nr}: {rest}"


@pytest.mark.parametrize(("actie", "regel"), REGELS)
def test_elke_regel_staat_letterlijk_in_het_plan(actie, regel):
    passage = PASSAGES[str(actie["nr"])]
    fragment = regel["bronfragment"]
    assert fragment and fragment in passage
    assert regel["omschrijving"]
    if regel["bedrag"] is None:
        assert "nog te bepalen" in fragment
        return
    assert re.fullmatch(r"\d+\.\d{2}", regel["bedrag"])
    wijzen = "|".join(re.escape(wijze) for wijze in schrijfwijzen(Decimal(regel["bedrag"])))
    assert re.search(rf"(?<![\d.,])(?:{wijzen})(?![\d]|[.,]\d)", fragment)


@pytest.mark.parametrize(("actie", "regel"), REGELS)
def test_soort_en_jaar_volgen_de_woorden_of_zijn_verklaard(actie, regel):
    fragment = regel["bronfragment"].lower()
    # The bullet "eenmalige middelen" of action 27 stands above both of its lines.
    if actie["nr"] == 27 and regel["soort"] == "eenmalig":
        fragment = f"eenmalige middelen: {fragment}"
    woorden = [
        ("eenmalig", "eenmalig" in fragment),
        ("recurrent", "recurrent" in fragment),
        ("jaarlijks", "jaarlijks" in fragment or "op jaarbasis" in fragment),
    ]
    gezegd = [soort for soort, staat_er in woorden if staat_er]
    assert regel["soort"] in dict(woorden)
    if gezegd:
        # "recurrente middelen ... (op jaarbasis)" is recurrent.
        assert regel["soort"] == gezegd[0]
    if len(gezegd) != 1 and not (regel["soort"] == "eenmalig" and regel["jaar"] is not None):
        assert regel["opmerking"], "a choice that the words do not settle needs a remark"
    if regel["jaar"] is not None:
        assert str(regel["jaar"]) in fragment
    if not regel["telt_mee"]:
        assert regel["opmerking"], "why an amount stays out of a total must be said"


@pytest.mark.parametrize("actie", ACTIES, ids=lambda actie: str(actie["nr"]))
def test_wie_geen_bedrag_heeft_zegt_waarom(actie):
    assert bool(actie["budgetten"]) is (actie["geen_bedrag_omdat"] is None)


def test_status_zoals_in_het_antwoord():
    verwacht = dict.fromkeys(range(1, 34), "in_uitvoering")
    verwacht |= dict.fromkeys(OP_TE_STARTEN, "op_te_starten") | dict.fromkeys(AFGEROND, "afgerond")
    assert {actie["nr"]: actie["status"] for actie in ACTIES} == verwacht


def test_acht_oproepen():
    assert {actie["nr"]: actie["oproep"] for actie in ACTIES if actie["oproep"]} == OPROEPEN


@pytest.mark.parametrize("actie", ACTIES, ids=lambda actie: str(actie["nr"]))
def test_namen_en_timing(actie):
    assert actie["ministers"] and all(naam in actie["ministers_tekst"] for naam in actie["ministers"])
    assert actie["administraties"] and all(naam in actie["administraties_tekst"] for naam in actie["administraties"])
    assert actie["timing"]
    grenzen = [date.fromisoformat(grens) for grens in (actie["van"], actie["tot"]) if grens]
    assert grenzen == sorted(grenzen)
    assert all(str(grens.year) in actie["timing"] for grens in grenzen)
    assert (actie["timing_nauwkeurigheid"] in {"dag", "maand", "jaar"}) is bool(grenzen)
    teksten = [actie["titel"], actie["timing"], actie["ministers_tekst"], actie["administraties_tekst"]]
    assert not any(re.search(r"[<>^•]|\s{2}|\s$", tekst) for tekst in teksten), "layout of the source was left in"


AANGEKONDIGD = sorted(slug for slug in OPROEPEN.values() if slug != "zorgzame-buurten")


@pytest.mark.parametrize("slug", AANGEKONDIGD)
def test_aangekondigde_oproep(slug):
    oproep = lees(GEGEVENS / "oproepen" / f"{slug}.json")
    assert oproep["slug"] == slug == OPROEPEN[oproep["actie"]]
    assert re.fullmatch(r"[A-Z]{2,4}", oproep["code"])
    assert set(oproep["voor_wie"]) <= VOOR_WIE and oproep["voor_wie"]
    assert 2 <= len(re.findall(r"[.?!](?=\s|$)", oproep["samenvatting"])) <= 4
    for veld, basis in (("budget", "budget_basis"), ("max_per_project", "max_basis")):
        if oproep[veld] is None:
            assert oproep[basis] is None
        else:
            assert re.fullmatch(r"\d+\.\d{2}", oproep[veld]) and oproep[basis] in {"totaal", "per_jaar"}
    assert sum(Decimal(schijf["percentage"]) for schijf in oproep["schijven"]) in {0, 100}
    assert [ronde["nr"] for ronde in oproep["rondes"]] == list(range(1, len(oproep["rondes"]) + 1))
    momenten = [datetime.fromisoformat(m) for ronde in oproep["rondes"] for m in (ronde["opent"], ronde["sluit"]) if m]
    assert all(moment.utcoffset() is not None for moment in momenten) and momenten == sorted(momenten)
    assert oproep["bronnen"] and oproep["verstrekker"] and oproep["doelgroep"] and oproep["budget_toelichting"]
    assert all(set(aanname) == {"veld", "waarde", "waarom"} and aanname["waarom"] for aanname in oproep["aannames"])
    open_velden = {veld for veld in ("looptijd_maanden", "selectieregel") if oproep[veld] is None}
    assert open_velden <= {aanname["veld"] for aanname in oproep["aannames"]}


@pytest.mark.parametrize("slug", AANGEKONDIGD)
def test_het_budget_van_een_oproep_is_dat_van_het_plan(slug):
    oproep = lees(GEGEVENS / "oproepen" / f"{slug}.json")
    regels = ACTIES[oproep["actie"] - 1]["budgetten"]
    if slug == "proeftuinen-geintegreerde-zorg":
        assert oproep["budget"] is None
        assert [regel["bedrag"] for regel in regels] == ["24933.33", None]
        return
    assert [regel["bedrag"] for regel in regels] == [oproep["budget"]]
    assert (regels[0]["soort"] == "jaarlijks") is (oproep["budget_basis"] == "per_jaar")


def test_codes_zijn_uniek():
    codes = [lees(pad)["code"] for pad in (GEGEVENS / "oproepen").glob("*.json")]
    assert len(codes) == len(set(codes))
