"""What keeps a draft from being handed in: every code with its exact sentence, and the limits to the unit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers import opmaak
from dossiers.models import Antwoord
from dossiers.services import dien_in
from dossiers.volledig import Gebrek, antwoord_fout, gebreken, toegangsredenen
from kern import klok
from oproepen.models import Vraag
from organisaties.models import Organisatie
from tests import bouw
from tests.hulp import weigert
from tests.onthouden import onthoudt

IBAN_ZIN = "Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034."
CATEGORIE = "Alleen een lokaal bestuur, een welzijns- of zorgorganisatie of een zorgraad kan aanvragen."
RECHTSVORM = (
    "Uw organisatie moet een lokaal bestuur, een private rechtspersoon, een autonome verzorgingsinstelling of een "
    "autonoom gemeentebedrijf zijn."
)
BIJLAGE = "Voeg als bijlage toe: het formulier netwerksamenstelling, met de bevestiging van elke partner."
LABELS = {
    "buurtanalyse": "Welke buurt kiest u, en wat blijkt uit uw buurtanalyse?",
    "doelgroep": "Wie wilt u bereiken, en hoe?",
    "acties": "Wat gaat u doen?",
    "netwerk": "Met welke partners werkt u samen?",
    "bewoners": "Hoeveel bewoners telt de buurt?",
    "soort_buurt": "Wat voor buurt is het?",
}


def als_rijen(dossier):
    return [(g.code, g.zin, g.pagina, g.veld) for g in gebreken(bouw.opnieuw(dossier))]


def onbeantwoord(sleutel):
    return ("antwoord_ontbreekt", f"Beantwoord de vraag '{LABELS[sleutel]}'.", "vragen", sleutel)


def antwoord(w, dossier, sleutel, waarde):
    versie = Antwoord.objects.get(dossier=dossier, sleutel=sleutel).versie
    opmaak.bewaar_antwoord(dossier, sleutel, waarde, versie, door=w.an)


def gegevens(w, dossier, **velden):
    rij = bouw.opnieuw(dossier)
    regels = [("kost", "Buurtwerker", 100_000_00), ("kost", "Lokaal", 5_000_00), ("inbreng", "Gemeente", 5_000_00)]
    waarden = {"titel": rij.titel, "iban": rij.iban, "gevraagd_cent": rij.gevraagd_cent, "regels": regels}
    opmaak.bewaar_gegevens(rij, **(waarden | velden), versie=rij.gegevens_versie, door=w.an)


@pytest.fixture
@onthoudt
def volledig(wereld):
    return bouw.volledig(wereld)


def test_a_complete_draft_lacks_nothing(volledig):
    assert gebreken(volledig) == []


def test_an_empty_draft_lacks_everything_in_the_order_of_the_pages(wereld):
    assert als_rijen(bouw.concept(wereld)) == [
        *(onbeantwoord(sleutel) for sleutel in LABELS),
        ("titel_ontbreekt", "Geef uw project een titel.", "begroting", "titel"),
        ("iban_ongeldig", IBAN_ZIN, "begroting", "iban"),
        ("gevraagd_ontbreekt", "Vul in welk bedrag u vraagt.", "begroting", "gevraagd"),
        ("bijlage_ontbreekt", BIJLAGE, "bijlagen", "bestanden"),
    ]


def test_handing_in_refuses_with_the_first_of_them(wereld):
    dossier = bouw.concept(wereld)
    zin = f"Beantwoord de vraag '{LABELS['buurtanalyse']}'."
    assert gebreken(dossier)[0] == Gebrek("antwoord_ontbreekt", zin, "vragen", "buurtanalyse")
    with weigert("antwoord_ontbreekt", zin, "buurtanalyse"):
        dien_in(dossier, door=wereld.an, ontvangen_op=klok.nu())


@pytest.mark.parametrize("sleutel", LABELS)
@pytest.mark.parametrize("leeg", ["", "  \n\t\u00a0 "])
def test_an_answer_that_was_emptied_is_missing(wereld, volledig, sleutel, leeg):
    antwoord(wereld, volledig, sleutel, leeg)
    assert als_rijen(volledig) == [onbeantwoord(sleutel)]
    with weigert("antwoord_ontbreekt", f"Beantwoord de vraag '{LABELS[sleutel]}'.", sleutel):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())


def test_an_answer_that_is_not_required_may_be_empty_but_not_wrong(wereld, volledig):
    volledig.formulierversie.vragen.filter(sleutel="bewoners").update(verplicht=False)
    antwoord(wereld, volledig, "bewoners", "")
    assert als_rijen(volledig) == []
    antwoord(wereld, volledig, "bewoners", "veel")
    zin = f"Geef een geheel getal bij '{LABELS['bewoners']}'."
    assert als_rijen(volledig) == [("antwoord_ontbreekt", zin, "vragen", "bewoners")]


@pytest.mark.parametrize("wit", [" ", "\n", "\t", "  \r\n ", "\u00a0", "\u2003"])
def test_words_are_runs_without_white_space_and_the_limit_is_included(wereld, volledig, wit):
    antwoord(wereld, volledig, "doelgroep", wit + wit.join(["woord-deel,"] * 300) + wit)
    assert als_rijen(volledig) == []
    antwoord(wereld, volledig, "doelgroep", wit.join(["a"] * 301))
    zin = f"Het antwoord op '{LABELS['doelgroep']}' telt 301 woorden; er mogen er hoogstens 300 zijn."
    assert als_rijen(volledig) == [("antwoord_ontbreekt", zin, "vragen", "doelgroep")]
    with weigert("antwoord_ontbreekt", zin, "doelgroep"):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.text(st.sampled_from("aé-'1"), min_size=1), max_size=12), st.text(" \n\t\u00a0", min_size=1))
def test_the_word_limit_counts_words_however_they_are_separated(woorden, wit):
    vraag = Vraag(label="L", soort=Vraag.Soort.LANG, verplicht=False, max_woorden=6)
    fout = antwoord_fout(vraag, wit + wit.join(woorden) + wit)
    te_veel = f"Het antwoord op 'L' telt {len(woorden)} woorden; er mogen er hoogstens 6 zijn."
    assert fout == (te_veel if len(woorden) > 6 else None)


@pytest.mark.parametrize(
    ("waarde", "goed"), [("Dorpskern", True), (" Stedelijk ", True), ("dorpskern", False), ("Stad", False)]
)
def test_a_choice_must_be_on_the_list(wereld, volledig, waarde, goed):
    antwoord(wereld, volledig, "soort_buurt", waarde)
    zin = f"Kies een antwoord uit de lijst bij '{LABELS['soort_buurt']}'."
    assert als_rijen(volledig) == ([] if goed else [("antwoord_ontbreekt", zin, "vragen", "soort_buurt")])


@pytest.mark.parametrize(
    ("waarde", "goed"),
    [
        ("0", True),
        (" 1200 ", True),
        ("999999999", True),
        ("1000000000", False),
        ("1.200", False),
        ("1 200", False),
        ("-5", False),
        ("12,5", False),
        ("1e3", False),
        ("twaalf", False),
        ("١٢", False),
        ("²", False),
    ],
)
def test_a_number_is_whole_and_not_negative(wereld, volledig, waarde, goed):
    antwoord(wereld, volledig, "bewoners", waarde)
    zin = f"Geef een geheel getal bij '{LABELS['bewoners']}'."
    assert als_rijen(volledig) == ([] if goed else [("antwoord_ontbreekt", zin, "vragen", "bewoners")])


@pytest.mark.parametrize("titel", ["", "   "])
def test_a_title_is_needed(wereld, volledig, titel):
    gegevens(wereld, volledig, titel=titel)
    assert als_rijen(volledig) == [("titel_ontbreekt", "Geef uw project een titel.", "begroting", "titel")]


@pytest.mark.parametrize("iban", ["", "BE68539007547035", "539-0075470-34"])
def test_an_account_that_exists_is_needed(wereld, volledig, iban):
    gegevens(wereld, volledig, iban=iban)
    assert als_rijen(volledig) == [("iban_ongeldig", IBAN_ZIN, "begroting", "iban")]


@pytest.mark.parametrize("gevraagd", [None, 0])
def test_an_amount_is_needed(wereld, volledig, gevraagd):
    gegevens(wereld, volledig, gevraagd_cent=gevraagd)
    assert als_rijen(volledig) == [("gevraagd_ontbreekt", "Vul in welk bedrag u vraagt.", "begroting", "gevraagd")]


def test_exactly_the_maximum_may_be_asked_and_not_one_cent_more(wereld, volledig):
    """50.000 euro per year, two years."""
    gegevens(wereld, volledig, gevraagd_cent=100_000_00)
    assert als_rijen(volledig) == []
    regels = [("kost", "Buurtwerker", 100_000_01)]
    gegevens(wereld, volledig, gevraagd_cent=100_000_01, regels=regels)
    zin = "U kunt hoogstens 100.000,00 euro vragen; u vraagt 100.000,01 euro."
    assert als_rijen(volledig) == [("boven_maximum", zin, "begroting", "gevraagd")]
    with weigert("boven_maximum", zin, "gevraagd"):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())


def test_one_cent_may_be_asked(wereld, volledig):
    gegevens(wereld, volledig, gevraagd_cent=1, regels=[("kost", "Postzegel", 1)])
    assert als_rijen(volledig) == []


@pytest.mark.parametrize(
    ("regels", "kosten", "samen"),
    [
        ([("kost", "Werk", 99_999_99)], "99.999,99", "100.000,00"),
        ([("kost", "Werk", 100_000_01)], "100.000,01", "100.000,00"),
        ([("kost", "Werk", 100_000_00), ("inbreng", "Eigen", 1)], "100.000,00", "100.000,01"),
        ([("inbreng", "Eigen", 100_000_00)], "0,00", "200.000,00"),
        ([], "0,00", "100.000,00"),
    ],
)
def test_a_budget_that_is_one_cent_off_does_not_add_up(wereld, volledig, regels, kosten, samen):
    gegevens(wereld, volledig, regels=regels)
    zin = (
        f"De begroting klopt niet: de kosten zijn {kosten} euro, de gevraagde subsidie en de inbreng "
        f"samen {samen} euro. Die twee moeten gelijk zijn."
    )
    assert als_rijen(volledig) == [("begroting_klopt_niet", zin, "begroting", "regels")]
    with weigert("begroting_klopt_niet", zin, "regels"):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())


def test_above_the_maximum_and_a_budget_that_does_not_add_up_are_both_told(wereld, volledig):
    gegevens(wereld, volledig, gevraagd_cent=100_000_01)
    assert [rij[0] for rij in als_rijen(volledig)] == ["boven_maximum", "begroting_klopt_niet"]


def test_the_attachment_that_the_call_asks_for(wereld, volledig):
    opmaak.verwijder_bijlage(volledig.bijlagen.get(), door=wereld.an)
    assert als_rijen(volledig) == [("bijlage_ontbreekt", BIJLAGE, "bijlagen", "bestanden")]
    with weigert("bijlage_ontbreekt", BIJLAGE, "bestanden"):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
    oproep = volledig.ronde.luik.oproep
    oproep.verplichte_bijlage = ""
    oproep.save()
    assert als_rijen(volledig) == []


def test_an_organisation_that_is_no_longer_admitted(wereld, volledig):
    """The rules are tested again at the moment of handing in, with every rule that is not met."""
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(categorie="andere", rechtsvorm="feitelijke_vereniging")
    assert toegangsredenen(bouw.opnieuw(volledig)) == [CATEGORIE, RECHTSVORM]
    assert als_rijen(volledig) == [
        ("niet_toegelaten", CATEGORIE, "indienen", "organisatie"),
        ("niet_toegelaten", RECHTSVORM, "indienen", "organisatie"),
    ]
    with weigert("niet_toegelaten", CATEGORIE, "organisatie"):
        dien_in(volledig, door=wereld.an, ontvangen_op=klok.nu())
