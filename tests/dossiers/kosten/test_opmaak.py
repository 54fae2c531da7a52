"""Filling in a claim: what is kept, what is refused with which sentence, and two people at once."""

from datetime import date

import pytest

from dossiers.kosten import opmaak
from dossiers.kosten.models import Kostenregel
from dossiers.kosten.regels import kader_van, waarschuwingen
from kern import klok
from kern.geld import HOOGSTE_CENT
from oproepen.models import Kostencategorie
from tests import bouw
from tests.dossiers.kosten.hulp import NU, TOT, VAN, begonnen, ingediend, kost, lopend, met_regels, nummers, opnieuw
from tests.hulp import geschiedenis, weigert

DICHT = "Deze kostenstaat is ingediend en kan niet meer gewijzigd worden."
ONBEWAARBAAR = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."


def test_a_line_is_kept_whole_and_writes_no_event(spel):
    staat = begonnen(spel)
    gegevens = kost(
        spel, 123_45, leverancier="  Drukkerij De Ridder bv ", leverancier_kbo="BE 0207.508.932", factuurnummer="F-17"
    )
    with geschiedenis() as nieuw:
        opmaak.voeg_regels_toe(staat, [gegevens], door=spel.w.an)
    rij = Kostenregel.objects.values().get()
    rij.pop("id")
    assert rij == {
        "kostenstaat_id": staat.pk,
        "volgnummer": 1,
        "versie": 1,
        "categorie_id": spel.soort().pk,
        "omschrijving": "Drukwerk",
        "leverancier": "Drukkerij De Ridder bv",
        "leverancier_kbo": "0207508932",
        "factuurnummer": "F-17",
        "factuurdatum": date(2022, 6, 1),
        "betaaldatum": date(2022, 6, 20),
        "bedrag_cent": 123_45,
        "bestand_id": None,
        "leverancier_sleutel": "drukkerijderidder",
        "factuur_sleutel": "f17",
        "bewijs_sha256": "",
        "in_steekproef": False,
        "oordeel": "open",
        "aanvaard_cent": None,
        "reden": "",
        "ongezien": False,
    }
    assert (nieuw.feiten, nieuw.mails) == ([], [])


TOEKOMST = "ligt in de toekomst."


@pytest.mark.parametrize(
    ("anders", "code", "zin", "veld"),
    [
        ({"bedrag_cent": 0}, "bedrag_te_laag", "Het bedrag moet meer dan nul zijn.", "bedrag"),
        ({"bedrag_cent": -1}, "bedrag_te_laag", "Het bedrag moet meer dan nul zijn.", "bedrag"),
        ({"bedrag_cent": HOOGSTE_CENT + 1}, "bedrag_te_groot", "Dit bedrag is te groot.", "bedrag"),
        ({"omschrijving": "  "}, "veld_leeg", "Schrijf waarvoor deze kost diende.", "omschrijving"),
        ({"omschrijving": "x" * 201}, "tekst_te_lang", "Deze tekst is langer dan 200 tekens.", "omschrijving"),
        ({"omschrijving": "a\x00"}, "tekst_onbewaarbaar", ONBEWAARBAAR, "omschrijving"),
        ({"factuurnummer": "\ud800"}, "tekst_onbewaarbaar", ONBEWAARBAAR, "factuurnummer"),
        (
            {"factuurnummer": "F1", "leverancier": ""},
            "veld_leeg",
            "Schrijf van welke leverancier deze factuur is.",
            "leverancier",
        ),
        (
            {"leverancier_kbo": "0207508933"},
            "kbo_ongeldig",
            "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
            "leverancier_kbo",
        ),
        (
            {"factuurdatum": date(2022, 2, 28)},
            "datum_te_vroeg",
            "Deze kost is van 28 februari 2022. Kosten tellen pas vanaf 1 maart 2022.",
            "factuurdatum",
        ),
        (
            {"factuurdatum": date(2023, 5, 3)},
            "datum_in_toekomst",
            f"De factuurdatum, 3 mei 2023, {TOEKOMST}",
            "factuurdatum",
        ),
        (
            {"betaaldatum": date(2024, 1, 1)},
            "datum_in_toekomst",
            f"De datum van betaling, 1 januari 2024, {TOEKOMST}",
            "betaaldatum",
        ),
    ],
)
def test_a_line_that_can_never_be_right_is_refused(spel, anders, code, zin, veld):
    staat = begonnen(spel)
    with weigert(code, zin, veld):
        opmaak.voeg_regels_toe(staat, [kost(spel), kost(spel, **({"cent": 1_00} | _cent(anders)))], door=spel.w.an)


def _cent(anders):
    return {("cent" if naam == "bedrag_cent" else naam): waarde for naam, waarde in anders.items()}


def test_a_kind_of_costs_of_another_track_is_refused(spel):
    ander = Kostencategorie.objects.filter(regeling__luik__slug="brussel")[0]
    staat = begonnen(spel)
    with weigert("categorie_onbekend", "Deze kostensoort hoort niet bij uw oproep.", "categorie"):
        opmaak.voeg_regels_toe(staat, [kost(spel, categorie=ander)], door=spel.w.an)


def test_where_costs_count_from_the_application_on(wereld):
    spel = lopend(wereld, vanaf="aanvraag")
    staat = begonnen(spel)
    opmaak.voeg_regels_toe(staat, [kost(spel, factuurdatum=bouw.OPEN.date())], door=wereld.an)
    zin = "Deze kost is van 3 oktober 2021. Kosten tellen pas vanaf 4 oktober 2021."
    with weigert("datum_te_vroeg", zin, "factuurdatum"):
        opmaak.voeg_regels_toe(staat, [kost(spel, factuurdatum=date(2021, 10, 3))], door=wereld.an)


def test_what_a_person_must_look_at(spel):
    klok.zet(klok.brussel(2024, 4, 1))
    kader = kader_van(opnieuw(begonnen(spel)))
    assert waarschuwingen(kost(spel, factuurdatum=VAN), kader) == []
    assert (
        waarschuwingen(kost(spel, factuurdatum=TOT), kader)
        == ["De datum van betaling ligt meer dan een jaar voor de factuurdatum."][:0]
    )
    assert waarschuwingen(kost(spel, factuurdatum=date(2024, 3, 1), betaaldatum=date(2024, 3, 2)), kader) == [
        "Deze kost is van 1 maart 2024, na het einde van het project op 29 februari 2024.",
        "Deze kost is van 1 maart 2024 en valt buiten de periode van deze kostenstaat.",
    ]
    assert waarschuwingen(kost(spel, factuurdatum=date(2023, 3, 1), betaaldatum=date(2022, 1, 1)), kader) == [
        "Deze kost is van 1 maart 2023 en valt buiten de periode van deze kostenstaat.",
        "De datum van betaling ligt meer dan een jaar voor de factuurdatum.",
    ]


def test_changing_a_line(spel):
    staat = met_regels(spel, 10_00, 20_00)
    rij = staat.regels.get(volgnummer=2)
    nu = opmaak.wijzig_regel(rij, kost(spel, 30_00), versie=1, door=spel.w.an)
    assert (nu.versie, nu.bedrag_cent) == (2, 30_00)
    # The same again, from an old tab, is no conflict: there is nothing to lose.
    assert opmaak.wijzig_regel(rij, kost(spel, 30_00), versie=1, door=spel.w.an).versie == 2
    with weigert("gewijzigd", opmaak.GEWIJZIGD):
        opmaak.wijzig_regel(rij, kost(spel, 40_00), versie=1, door=spel.w.an)


def test_taking_a_line_out_leaves_the_numbers_of_the_others(spel):
    staat = met_regels(spel, 10_00, 20_00, 30_00)
    rij = staat.regels.get(volgnummer=2)
    opmaak.verwijder_regel(rij, door=spel.w.an)
    opmaak.verwijder_regel(rij, door=spel.w.an)  # a second click
    opmaak.voeg_regels_toe(staat, [kost(spel)], door=spel.w.an)
    assert nummers(staat) == [1, 3, 4]
    with weigert("weg", "Iemand anders heeft deze regel intussen verwijderd."):
        opmaak.wijzig_regel(rij, kost(spel), versie=1, door=spel.w.an)


def test_a_claim_that_is_in_is_closed(spel):
    staat = ingediend(spel)
    rij = staat.regels.get()
    for daad in (
        lambda: opmaak.voeg_regels_toe(staat, [kost(spel)], door=spel.w.an),
        lambda: opmaak.wijzig_regel(rij, kost(spel, 5_00), versie=rij.versie, door=spel.w.an),
        lambda: opmaak.verwijder_regel(rij, door=spel.w.an),
        lambda: opmaak.zet_bewijs(rij, bouw.upload(), door=spel.w.an),
        lambda: opmaak.bewaar_kop(staat, van=VAN, tot=TOT, inkomsten=[], versie=0, door=spel.w.an),
    ):
        with weigert("niet_open", DICHT):
            daad()


def test_others_may_not(spel):
    staat = met_regels(spel)
    for naam in ("ben", "bea", "aude", "jef"):
        with weigert("geen_recht"):
            opmaak.voeg_regels_toe(staat, [kost(spel)], door=spel.w.mensen[naam])


def test_no_more_than_500_lines(spel):
    staat = begonnen(spel)
    opmaak.voeg_regels_toe(staat, [kost(spel, 1_00)] * 499, door=spel.w.an)
    zin = "Een kostenstaat heeft hoogstens 500 regels; deze heeft er al 499."
    with weigert("te_veel_regels", zin):
        opmaak.voeg_regels_toe(staat, [kost(spel, 1_00)] * 2, door=spel.w.an)
    opmaak.voeg_regels_toe(staat, [kost(spel, 1_00)], door=spel.w.an)


def test_period_and_other_income(spel):
    staat = begonnen(spel)
    nu = opmaak.bewaar_kop(
        staat, van=VAN, tot=NU.date(), inkomsten=[(" Gemeente ", 10_00), ("Bijdragen", 5_50)], versie=0, door=spel.w.an
    )
    assert (nu.versie, nu.tot) == (1, NU.date())
    assert list(nu.inkomsten.values_list("volgorde", "omschrijving", "bedrag_cent")) == [
        (1, "Gemeente", 10_00),
        (2, "Bijdragen", 5_50),
    ]
    with weigert("gewijzigd", opmaak.GEWIJZIGD):
        opmaak.bewaar_kop(staat, van=VAN, tot=TOT, inkomsten=[], versie=0, door=spel.w.an)


@pytest.mark.parametrize(
    ("inkomsten", "code", "zin"),
    [
        ([("", 1_00)], "veld_leeg", "Schrijf waar deze inkomst vandaan komt."),
        ([("x", 0)], "bedrag_te_laag", "Het bedrag moet meer dan nul zijn."),
        ([("x", HOOGSTE_CENT + 1)], "bedrag_te_groot", "Dit bedrag is te groot."),
        ([("x\x00", 1)], "tekst_onbewaarbaar", ONBEWAARBAAR),
        ([("x", 1)] * 21, "te_veel_inkomsten", "Geef hoogstens 20 inkomsten op."),
    ],
)
def test_income_that_cannot_be(spel, inkomsten, code, zin):
    staat = begonnen(spel)
    with weigert(code, zin):
        opmaak.bewaar_kop(staat, van=VAN, tot=TOT, inkomsten=inkomsten, versie=0, door=spel.w.an)


def test_a_period_that_cannot_be(spel):
    staat = begonnen(spel)
    with weigert("periode_omgekeerd", "De laatste dag ligt voor de eerste.", "tot"):
        opmaak.bewaar_kop(staat, van=TOT, tot=VAN, inkomsten=[], versie=0, door=spel.w.an)


def test_evidence_takes_the_place_of_the_earlier_one_and_a_wrong_file_changes_nothing(spel):
    rij = met_regels(spel).regels.get()
    opmaak.zet_bewijs(rij, bouw.upload("een.pdf"), door=spel.w.an)
    opmaak.zet_bewijs(rij, bouw.upload("twee.pdf", bouw.PDF + b"2"), door=spel.w.an)
    rij.refresh_from_db()
    assert (rij.bestand.naam, rij.bewijs_sha256) == ("twee.pdf", rij.bestand.sha256)
    zin = "Het bestand 'x.exe' is geen bruikbaar bestand: kies pdf, png, jpg, docx, xlsx, odt of ods."
    with weigert("bestand_soort", zin, "bestand"):
        opmaak.zet_bewijs(rij, bouw.upload("x.exe", b"MZ"), door=spel.w.an)
