"""What a data file says of cost claims: stored with every figure, compared when loaded again, or refused exactly."""

import copy

import pytest

from oproepen.laden import GEGEVENS, lees_bestand, maak_oproep_op, vergelijk_oproep
from oproepen.models import Kostencategorie, Kostenforfait, Kostenregeling
from organisaties.models import Gebruiker
from tests.hulp import ongewijzigd, weigering, weigert


@pytest.fixture
def gegevens():
    return copy.deepcopy(lees_bestand(GEGEVENS / "zorgzame-buurten.json"))


@pytest.fixture
def systeem(db):
    return Gebruiker.objects.systeem()


def test_the_rules_are_stored_for_each_track(systeem, gegevens):
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    velden = ("luik__slug", "tarief_procent", "vanaf", "bewijs", "steekproef_minimum", "steekproef_procent")
    assert list(Kostenregeling.objects.order_by("pk").values_list(*velden, "steekproef_altijd_vanaf_cent")) == [
        (luik, 100, "project", "steekproef", 10, 10, 2500_00) for luik in ("vlaanderen", "brussel")
    ]
    soorten = Kostencategorie.objects.filter(regeling__luik__slug="brussel")
    assert list(soorten.values_list("sleutel", "volgorde", "naam", "marge_procent", "aandeel_procent")) == [
        ("personeel", 1, "Personeelskosten", 10, None),
        ("werking", 2, "Werkingskosten", 10, None),
        ("uitrusting", 3, "Uitrusting", 0, 20),
    ]
    forfaits = Kostenforfait.objects.filter(regeling__luik__slug="brussel")
    assert list(forfaits.values_list("sleutel", "naam", "procent", "grondslag")) == [
        ("overhead", "Overhead", 5, ["personeel", "werking"])
    ]


def test_the_management_page_marks_the_rules_as_an_assumption(gegevens):
    assert [rij["waarde"] for rij in gegevens["aannames"] if rij["veld"] == "kosten"] != []


def test_a_call_that_says_nothing_asks_for_no_claims(systeem, gegevens):
    del gegevens["kosten"]
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    assert not Kostenregeling.objects.exists()
    # Saying it later is another call than the one that was published: it is told, and nothing is added.
    gegevens["kosten"] = lees_bestand(GEGEVENS / "zorgzame-buurten.json")["kosten"]
    zin = "zorgzame-buurten: het bestand heeft 1 kostenregelingen, maar eerder zijn er 0 geladen."
    with weigert("gegevens_in_strijd", zin):
        vergelijk_oproep(gegevens, door=systeem)


def volgt_uit_kosten(gegevens):
    del gegevens["schijven"][-1]["procent"]
    gegevens["schijven"][-1]["saldo"] = True


def test_a_share_of_the_costs_needs_an_instalment_that_follows_them(systeem, gegevens):
    gegevens["kosten"]["tarief"] = 80
    zin = (
        "zorgzame-buurten: kosten: de subsidie betaalt een deel van de kosten, maar de laatste schijf heeft een vast "
        'bedrag; schrijf daar "saldo": true, of een tarief van 100.'
    )
    with weigert("waarde_ongeldig", zin):
        maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    volgt_uit_kosten(gegevens)
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    assert set(Kostenregeling.objects.values_list("tarief_procent", flat=True)) == {80}


def test_a_track_goes_before_the_call_and_may_ask_for_none(systeem, gegevens):
    gegevens["luiken"][0]["kosten"] = None
    volgt_uit_kosten(gegevens)
    gegevens["luiken"][1]["kosten"] = gegevens["kosten"] | {"tarief": 80, "vanaf": "aanvraag", "bewijs": "elke_regel"}
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    rij = Kostenregeling.objects.get()
    assert (rij.luik.slug, rij.tarief_procent, rij.vanaf, rij.bewijs) == ("brussel", 80, "aanvraag", "elke_regel")


def test_loading_again_changes_nothing_and_a_difference_is_told(systeem, gegevens):
    maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    with ongewijzigd():
        vergelijk_oproep(gegevens, door=systeem)
    gegevens["kosten"]["tarief"] = 80
    zin = "zorgzame-buurten: kosten: tarief_procent is hier '80', maar eerder is '100' geladen."
    with weigert("gegevens_in_strijd", zin):
        vergelijk_oproep(gegevens, door=systeem)


def zet(*pad_en_waarde):
    *pad, waarde = pad_en_waarde

    def doe(kosten):
        doel = kosten
        for deel in pad[:-1]:
            doel = doel[deel]
        doel[pad[-1]] = waarde

    return doe


SOORT = ("categorieen", 0)
FORFAIT = ("forfaits", 0)


@pytest.mark.parametrize(
    ("wijzig", "code", "zin"),
    [
        (lambda k: k.pop("tarief"), "veld_ontbreekt", "het veld 'tarief' ontbreekt."),
        (lambda k: k.pop("steekproef"), "veld_ontbreekt", "het veld 'steekproef' ontbreekt."),
        (zet("tarief", 101), "waarde_ongeldig", "tarief 101 is geen geheel getal van 1 tot 100."),
        (zet("tarief", "80"), "waarde_ongeldig", "tarief '80' is geen geheel getal van 1 tot 100."),
        (zet("tarief", True), "waarde_ongeldig", "tarief True is geen geheel getal van 1 tot 100."),
        (zet("bewijs", "nooit"), "waarde_ongeldig", "kosten: onbekende keuze bewijs 'nooit'."),
        (zet("vanaf", "ooit"), "waarde_ongeldig", "kosten: onbekende keuze vanaf 'ooit'."),
        (zet("marge", 5), "waarde_ongeldig", "kosten: onbekend veld 'marge'."),
        (zet("steekproef", "deel", 5), "waarde_ongeldig", "steekproef: onbekend veld 'deel'."),
        (
            zet("steekproef", "minimum", 0),
            "waarde_ongeldig",
            "steekproef.minimum 0 is geen geheel getal van 1 tot 500.",
        ),
        (zet("categorieen", []), "waarde_ongeldig", "kosten: er is minstens één kostensoort nodig."),
        (
            zet("categorieen", 1, "sleutel", "personeel"),
            "waarde_ongeldig",
            "kosten: twee kostensoorten hebben dezelfde sleutel.",
        ),
        (
            zet("categorieen", 1, "naam", "Personeelskosten"),
            "waarde_ongeldig",
            "kosten: twee kostensoorten hebben dezelfde naam.",
        ),
        (
            zet(*SOORT, "marge", -1),
            "waarde_ongeldig",
            "kostensoort 1: marge -1 is geen geheel getal van 0 tot 1000.",
        ),
        (
            zet(*SOORT, "aandeel", 0),
            "waarde_ongeldig",
            "kostensoort 1: aandeel 0 is geen geheel getal van 1 tot 100.",
        ),
        (zet(*SOORT, "max", 1), "waarde_ongeldig", "kostensoort 1: onbekend veld 'max'."),
        (zet(*FORFAIT, "op", ["reizen"]), "waarde_ongeldig", "forfait 1: onbekende kostensoort 'reizen'."),
        (
            zet(*FORFAIT, "procent", 0),
            "waarde_ongeldig",
            "forfait 1: procent 0 is geen geheel getal van 1 tot 100.",
        ),
        (
            lambda k: k["forfaits"].append(k["forfaits"][0]),
            "waarde_ongeldig",
            "kosten: twee forfaits hebben dezelfde sleutel.",
        ),
        (lambda k: k.update(categorieen=5), "waarde_ongeldig", "een lijst of veld heeft niet de verwachte vorm."),
    ],
)
def test_rules_that_cannot_be(systeem, gegevens, wijzig, code, zin):
    wijzig(gegevens["kosten"])
    with weigert(code, f"zorgzame-buurten: {zin}"):
        maak_oproep_op(systeem, gegevens=gegevens, door=systeem)


def test_an_amount_in_another_notation(systeem, gegevens):
    gegevens["kosten"]["steekproef"]["altijd_vanaf"] = 2500
    zin = 'zorgzame-buurten, kosten: het bedrag 2500 kan niet gelezen worden; schrijf het als "50000.00".'
    with weigering("bedrag_onleesbaar", zin):
        maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
