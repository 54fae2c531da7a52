"""Reports: handed in after notification, approved or sent back, and seen by whom and from when."""

from datetime import date

import pytest

from dossiers import rechten
from dossiers.models import Verslag
from dossiers.services import dien_verslag_in, keur_verslag_goed, stuur_verslag_terug
from kern import klok, uploads
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, weigert

LEEG = "Beschrijf eerst wat het project deed en bereikte."
NIET_GESTART = "Dit project is nog niet gestart."
MOTIVEER = "Schrijf wat er nog ontbreekt."


@pytest.fixture
def verslag(wereld):
    bouw.kennisgegeven(wereld)
    return bouw.eerste_verslag(wereld)


def dien_in(w, verslag, **velden):
    waarden = {"tekst": "Wij bereikten 80 bewoners.", "kosten_cent": 20_000_50, "bestand": None}
    return dien_verslag_in(verslag, **(waarden | velden), door=w.an)


def opnieuw(verslag):
    return Verslag.objects.select_related("dossier").get(pk=verslag.pk)


def test_an_award_owes_the_reports_of_its_track(wereld, verslag):
    assert list(Verslag.objects.values_list("dossier", "moment__soort", "uiterlijk", "status")) == [
        (verslag.dossier_id, "tussentijds", date(2023, 3, 31), "verwacht"),
        (verslag.dossier_id, "eind", date(2024, 5, 31), "verwacht"),
    ]


def test_handing_in_a_report(wereld, verslag):
    with klok.op(klok.brussel(2023, 3, 1, 10)), geschiedenis() as nieuw:
        dien_in(wereld, verslag)
    rij = opnieuw(verslag)
    assert (rij.status, rij.tekst, rij.kosten_cent, rij.bestand) == (
        "ingediend",
        "Wij bereikten 80 bewoners.",
        20_000_50,
        None,
    )
    assert rij.ingediend_op == klok.brussel(2023, 3, 1, 10)
    inhoud = {"tekst": "Wij bereikten 80 bewoners.", "kosten_cent": 20_000_50, "bestand": None}
    assert nieuw.feiten == [feit(rij, "verslag.dien_in", wereld.an, "verwacht", "ingediend", inhoud)]
    nummer = rij.dossier.nummer
    tekst = (
        f"Aartselaar diende het tussentijds verslag in van dossier {nummer}, 'De Warme Buurt'.\n\n"
        "Lees het en keur het goed, of stuur het terug met de vraag om het aan te vullen."
    )
    onderwerp = f"Tussentijds verslag om te lezen: dossier {nummer}"
    assert nieuw.mails == [("bea@voorbeeld.test", onderwerp, tekst)]
    alles_klopt()


def test_handing_in_a_report_with_a_file(wereld, verslag):
    bestand = uploads.bewaar(bouw.upload("kosten.xlsx", bouw.xlsx()), door=wereld.an)
    with geschiedenis() as nieuw:
        dien_in(wereld, verslag, bestand=bestand)
    assert opnieuw(verslag).bestand == bestand
    assert nieuw.feiten[0][-1]["bestand"] == bestand.sha256


def test_a_report_after_its_last_day_is_still_taken(wereld, verslag):
    klok.zet(klok.brussel(2023, 6, 1))
    assert dien_in(wereld, verslag).status == "ingediend"


def test_costs_of_nothing_are_possible(wereld, verslag):
    dien_in(wereld, verslag, kosten_cent=0)
    assert opnieuw(verslag).kosten_cent == 0


@pytest.mark.parametrize("tekst", ["", "   \n"])
def test_a_report_without_text_is_refused(wereld, verslag, tekst):
    with weigert("verslag_leeg", LEEG):
        dien_in(wereld, verslag, tekst=tekst)


def test_a_report_with_negative_costs_is_refused(wereld, verslag):
    with weigert("bedrag_te_laag", "Het bedrag mag niet negatief zijn.", "kosten"):
        dien_in(wereld, verslag, kosten_cent=-1)


def test_a_report_twice_is_refused(wereld, verslag):
    dien_in(wereld, verslag)
    assert verslag.status == "verwacht"  # as a second click has it
    for rij in (verslag, opnieuw(verslag)):
        with weigert("verkeerde_status", "Dit kan niet: het verslag heeft de status 'ingediend'."):
            dien_in(wereld, rij)


def test_a_report_before_notification_is_refused_and_not_seen(wereld):
    """The decision is signed and the reports exist; the applicant may not know yet."""
    bouw.beslist(wereld)
    verslag = bouw.eerste_verslag(wereld)
    with weigert("geen_kennisgeving", NIET_GESTART):
        dien_in(wereld, verslag)
    assert not rechten.mag_verslag_zien(wereld.an, verslag)
    assert not rechten.verslagen_zichtbaar_voor(Verslag.objects.all(), wereld.an).exists()
    assert rechten.verslagen_zichtbaar_voor(Verslag.objects.all(), wereld.bea).count() == 2
    bouw.beoordeling.geef_kennis(wereld.ronde.besluiten.get(), door=wereld.bea)
    assert rechten.mag_verslag_zien(wereld.an, opnieuw(verslag))
    assert rechten.verslagen_zichtbaar_voor(Verslag.objects.all(), wereld.an).count() == 2


def test_approving_a_report(wereld, verslag):
    voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol="medewerker", door=wereld.an)
    dien_in(wereld, verslag)
    with geschiedenis() as nieuw:
        keur_verslag_goed(verslag, beoordeling="Helder.", door=wereld.bea)
    rij = opnieuw(verslag)
    assert (rij.status, rij.beoordeling, rij.tekst) == ("goedgekeurd", "Helder.", "Wij bereikten 80 bewoners.")
    inhoud = {"beoordeling": "Helder."}
    assert nieuw.feiten == [feit(rij, "verslag.keur_goed", wereld.bea, "ingediend", "goedgekeurd", inhoud)]
    nummer = rij.dossier.nummer
    mail = (f"Uw verslag bij dossier {nummer} is goedgekeurd", "Uw tussentijds verslag is goedgekeurd.\n\nHelder.")
    assert nieuw.mails == [("an@voorbeeld.test", *mail), ("stan@voorbeeld.test", *mail)]
    alles_klopt()


def test_a_report_is_approved_without_a_remark(wereld, verslag):
    dien_in(wereld, verslag)
    assert keur_verslag_goed(verslag, beoordeling="", door=wereld.bea).status == "goedgekeurd"


def test_sending_a_report_back_handing_it_in_again_and_sending_it_back_again(wereld, verslag):
    bestand = uploads.bewaar(bouw.upload("kosten.pdf"), door=wereld.an)
    dien_in(wereld, verslag, bestand=bestand)
    with geschiedenis() as nieuw:
        stuur_verslag_terug(verslag, beoordeling="Hoeveel bewoners?", door=wereld.bea)
        assert (opnieuw(verslag).status, opnieuw(verslag).beoordeling) == ("terug", "Hoeveel bewoners?")
        dien_in(wereld, verslag, tekst="Tachtig.")
        assert (opnieuw(verslag).status, opnieuw(verslag).tekst) == ("ingediend", "Tachtig.")
        stuur_verslag_terug(verslag, beoordeling="En welke straten?", door=wereld.bea)
    rij = opnieuw(verslag)
    assert (rij.status, rij.bestand) == ("terug", bestand)  # the file of the first time stays
    bea, an = wereld.bea, wereld.an
    inhoud = {"tekst": "Tachtig.", "kosten_cent": 20_000_50, "bestand": None}
    assert nieuw.feiten == [
        feit(rij, "verslag.stuur_terug", bea, "ingediend", "terug", {"beoordeling": "Hoeveel bewoners?"}),
        feit(rij, "verslag.dien_in", an, "terug", "ingediend", inhoud),
        feit(rij, "verslag.stuur_terug", bea, "ingediend", "terug", {"beoordeling": "En welke straten?"}),
    ]
    onderwerp = f"Uw verslag bij dossier {rij.dossier.nummer} vraagt een aanvulling"
    assert [mail for mail in nieuw.mails if mail[0] != "bea@voorbeeld.test"] == [
        ("an@voorbeeld.test", onderwerp, "Uw tussentijds verslag vraagt een aanvulling.\n\nHoeveel bewoners?"),
        ("an@voorbeeld.test", onderwerp, "Uw tussentijds verslag vraagt een aanvulling.\n\nEn welke straten?"),
    ]
    alles_klopt()


@pytest.mark.parametrize("beoordeling", ["", " \t"])
def test_sending_back_without_saying_why_is_refused(wereld, verslag, beoordeling):
    dien_in(wereld, verslag)
    with weigert("motivering_ontbreekt", MOTIVEER, "beoordeling"):
        stuur_verslag_terug(verslag, beoordeling=beoordeling, door=wereld.bea)


@pytest.mark.parametrize("oordeel", [keur_verslag_goed, stuur_verslag_terug])
@pytest.mark.parametrize("toestand", ["verwacht", "terug", "goedgekeurd"])
def test_a_verdict_on_what_was_not_handed_in_is_refused(wereld, verslag, oordeel, toestand):
    if toestand != "verwacht":
        dien_in(wereld, verslag)
        vorig = keur_verslag_goed if toestand == "goedgekeurd" else stuur_verslag_terug
        vorig(verslag, beoordeling="Eerst dit.", door=wereld.bea)
    zin = {"verwacht": "verwacht", "terug": "terug voor aanvulling", "goedgekeurd": "goedgekeurd"}[toestand]
    with weigert("verkeerde_status", f"Dit kan niet: het verslag heeft de status '{zin}'."):
        oordeel(verslag, beoordeling="Nog eens.", door=wereld.bea)


def test_an_approved_report_cannot_be_handed_in_again(wereld, verslag):
    dien_in(wereld, verslag)
    keur_verslag_goed(verslag, beoordeling="", door=wereld.bea)
    with weigert("verkeerde_status", "Dit kan niet: het verslag heeft de status 'goedgekeurd'."):
        dien_in(wereld, verslag)


def test_the_two_reports_of_a_project_are_apart(wereld, verslag):
    eind = Verslag.objects.get(moment__soort="eind")
    dien_in(wereld, verslag)
    assert opnieuw(eind).status == "verwacht"
    dien_in(wereld, eind, tekst="Het blijft bestaan.")
    keur_verslag_goed(eind, beoordeling="", door=wereld.bea)
    assert (opnieuw(verslag).status, opnieuw(eind).status) == ("ingediend", "goedgekeurd")
