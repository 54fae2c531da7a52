"""The jury: assign, fill in, hand in, adopt the advice."""

import pytest

from beoordeling import queries, rechten
from beoordeling.models import Juryadvies, Score, Scoreblad
from beoordeling.services import (
    begin_scoreblad,
    bewaar_scores,
    dien_scoreblad_in,
    stel_advies_vast,
    wijs_toe,
)
from dossiers.services import verklaar_onontvankelijk
from kern import klok
from kern.weg import reden_tegen
from oproepen import laden
from oproepen.services import geef_taak, start_beoordeling
from organisaties.models import Gebruiker
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alle_scores, alles_klopt, feit, geschiedenis, oproepgegevens, scoreblad, weigert
from tests.onthouden import onthoudt

NIET_ONTVANKELIJK = "Alleen een ontvankelijk dossier gaat naar de jury."
AL_INGEDIEND = "Dit scoreblad is ingediend en kan niet meer gewijzigd worden."
NIET_IN_BEOORDELING = "Deze ronde is niet in beoordeling."
ONBEWAARBAAR = "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."


@pytest.fixture
def gesloten(wereld):
    """A dossier that is admissible in a round that is not being judged yet."""
    (dossier,) = bouw.ontvankelijk(wereld)
    return dossier


@pytest.fixture
@onthoudt
def dossier(wereld, gesloten):
    start_beoordeling(wereld.ronde, door=wereld.bea)
    bouw.vers(wereld)
    return bouw.opnieuw(gesloten)


@pytest.fixture
@onthoudt
def blad(wereld, dossier):
    return wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)


@pytest.fixture
def criteria(wereld):
    return list(wereld.oproep.criteria.all())


def vers(blad):
    return Scoreblad.objects.get(pk=blad.pk)


def inhoud(blad):
    return list(blad.scores.values_list("criterium__sleutel", "punten", "motivering"))


# Assigning


def test_assigning_a_dossier_to_a_juror(wereld, dossier):
    with geschiedenis() as nieuw:
        blad = wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)
    rij = Scoreblad.objects.values("dossier", "jurylid", "status", "ingediend_op").get(pk=blad.pk)
    assert rij == {"dossier": dossier.pk, "jurylid": wereld.jef.pk, "status": "toegewezen", "ingediend_op": None}
    assert nieuw.feiten == [
        feit(
            blad,
            "scoreblad.wijs_toe",
            wereld.bea,
            "",
            "toegewezen",
            {"dossier": dossier.pk, "jurylid": wereld.jef.pk},
        )
    ]
    tekst = f"U bent gevraagd om dossier {dossier.nummer}, 'De Warme Buurt', te beoordelen. U vindt het bij Mijn werk."
    assert nieuw.mails == [("jef@voorbeeld.test", f"Een dossier om te beoordelen: {dossier.nummer}", tekst)]
    alles_klopt()


def test_a_juror_may_be_assigned_before_the_judging_starts(wereld, gesloten):
    assert wijs_toe(gesloten, jurylid=wereld.jef, door=wereld.bea).status == "toegewezen"


def test_assigning_the_same_juror_twice_is_refused(wereld, dossier, blad):
    with weigert("al_toegewezen", "Dit jurylid heeft dit dossier al."):
        wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)
    assert wijs_toe(dossier, jurylid=wereld.joke, door=wereld.bea).jurylid == wereld.joke


@pytest.mark.parametrize("wie", ["bea", "vic", "bart", "an", "ben", "stan", "beheer"])
def test_who_is_not_a_juror_is_not_assigned(wereld, dossier, wie):
    zin = f"{wie.capitalize()} Proef is geen jurylid voor deze oproep."
    with weigert("geen_jurylid", zin, "jurylid"):
        wijs_toe(dossier, jurylid=wereld.mensen[wie], door=wereld.bea)


def test_a_juror_of_another_track_or_call_is_not_assigned(wereld, dossier):
    systeem = Gebruiker.objects.systeem()
    brussel = wereld.oproep.luiken.get(slug="brussel")
    geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="jurylid", luik=brussel, door=systeem)
    ander = laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    geef_taak(ander, gebruiker=wereld.ben, rol="jurylid", door=systeem)
    for wie in ("stan", "ben"):
        with weigert("geen_jurylid", f"{wie.capitalize()} Proef is geen jurylid voor deze oproep.", "jurylid"):
            wijs_toe(dossier, jurylid=wereld.mensen[wie], door=wereld.bea)
    geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="jurylid", luik=wereld.luik, door=systeem)
    assert wijs_toe(dossier, jurylid=wereld.stan, door=wereld.bea).jurylid == wereld.stan


def test_a_juror_of_the_applicant_itself_is_kept_out(wereld, dossier):
    voeg_lid_toe(wereld.aartselaar, email=wereld.jef.email, rol="medewerker", door=wereld.an)
    zin = "Jef Proef hoort bij Aartselaar en kan dit dossier niet beoordelen."
    with weigert("eigen_organisatie", zin, "jurylid"):
        wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)


def test_what_is_not_admissible_does_not_go_to_the_jury(wereld):
    dossier = bouw.ingediend(wereld)
    with weigert("niet_ontvankelijk", NIET_ONTVANKELIJK):
        wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)
    bouw.sluit(wereld)
    verklaar_onontvankelijk(dossier, motivering="Neen.", door=wereld.bea)
    with weigert("niet_ontvankelijk", NIET_ONTVANKELIJK):
        wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)


def test_after_the_advice_nobody_is_assigned_any_more(wereld):
    """A later sheet would change the mean that the advice was adopted with."""
    (dossier,) = bouw.gescoord(wereld, {"an": 8})
    with weigert("advies_bestaat", "Het advies is al vastgesteld."):
        wijs_toe(dossier, jurylid=wereld.jana, door=wereld.bea)


# Beginning and saving


def test_beginning_a_sheet(wereld, blad):
    with geschiedenis() as nieuw:
        assert begin_scoreblad(blad, door=wereld.jef).status == "bezig"
    assert vers(blad).status == "bezig"
    assert nieuw.feiten == [feit(blad, "scoreblad.begin", wereld.jef, "toegewezen", "bezig")]
    assert nieuw.mails == []
    with weigert("verkeerde_status", "Dit kan niet: het scoreblad heeft de status 'bezig'."):
        begin_scoreblad(blad, door=wereld.jef)
    alles_klopt()


def test_the_first_points_begin_the_sheet_and_the_next_only_change_it(wereld, blad, criteria):
    with geschiedenis() as nieuw:
        bewaard = bewaar_scores(blad, {criteria[0].pk: (7, "Helder."), criteria[1].pk: (None, "")}, door=wereld.jef)
        assert (bewaard.status, vers(blad).status) == ("bezig", "bezig")
        assert inhoud(blad) == [("kwaliteit", 7, "Helder."), ("netwerk", None, "")]
        bewaar_scores(bewaard, {criteria[1].pk: (0, "Zwak."), criteria[0].pk: (None, "")}, door=wereld.jef)
    assert inhoud(blad) == [("kwaliteit", None, ""), ("netwerk", 0, "Zwak.")]
    assert nieuw.feiten == [feit(blad, "scoreblad.begin", wereld.jef, "toegewezen", "bezig")]
    assert vers(blad).status == "bezig"


@pytest.mark.parametrize("punten", [0, 10])
def test_points_at_the_bounds(wereld, blad, criteria, punten):
    bewaar_scores(blad, {criteria[0].pk: (punten, "")}, door=wereld.jef)
    assert inhoud(blad) == [("kwaliteit", punten, "")]


@pytest.mark.parametrize("punten", [-1, 11, 1000])
def test_points_out_of_bounds_are_refused_and_nothing_is_half_saved(wereld, blad, criteria, punten):
    zin = "Geef voor 'Netwerk en samenwerking' een geheel aantal punten van 0 tot 10."
    scores = {criteria[0].pk: (5, "Goed."), criteria[1].pk: (punten, "Goed."), criteria[2].pk: (5, "Goed.")}
    with weigert("punten_ongeldig", zin, f"punten_{criteria[1].pk}"):
        bewaar_scores(blad, scores, door=wereld.jef)
    bewaar_scores(blad, {criteria[0].pk: (9, "Begonnen.")}, door=wereld.jef)
    with weigert("punten_ongeldig", zin, f"punten_{criteria[1].pk}"):
        bewaar_scores(blad, scores, door=wereld.jef)


def test_text_that_cannot_be_recorded_is_refused_at_its_criterion(wereld, blad, criteria):
    scores = {criteria[0].pk: (5, "Goed."), criteria[1].pk: (5, "a\x00")}
    with weigert("tekst_onbewaarbaar", ONBEWAARBAAR, f"motivering_{criteria[1].pk}"):
        bewaar_scores(blad, scores, door=wereld.jef)


def test_a_criterion_of_another_call_is_refused(wereld, blad, criteria):
    systeem = Gebruiker.objects.systeem()
    ander = laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    for sleutel in (ander.criteria.first().pk, 0):
        with weigert("onbekend_criterium", "Dit criterium hoort niet bij deze oproep."):
            bewaar_scores(blad, {criteria[0].pk: (5, ""), sleutel: (5, "")}, door=wereld.jef)


def test_nothing_is_saved_before_the_judging_starts(wereld, gesloten, criteria):
    blad = wijs_toe(gesloten, jurylid=wereld.jef, door=wereld.bea)
    with weigert("ronde_niet_in_beoordeling", NIET_IN_BEOORDELING):
        begin_scoreblad(blad, door=wereld.jef)
    with weigert("ronde_niet_in_beoordeling", NIET_IN_BEOORDELING):
        bewaar_scores(blad, {criteria[0].pk: (5, "")}, door=wereld.jef)
    with weigert("ronde_niet_in_beoordeling", NIET_IN_BEOORDELING):
        dien_scoreblad_in(blad, door=wereld.jef)


def test_nobody_else_fills_in_a_sheet_not_even_another_juror_of_the_dossier(wereld, dossier, blad):
    wijs_toe(dossier, jurylid=wereld.joke, door=wereld.bea)
    bewaar_scores(blad, alle_scores(dossier, 6), door=wereld.jef)
    for naam, mens in wereld.mensen.items():
        if naam != "jef":
            for daad in (
                lambda: bewaar_scores(blad, alle_scores(dossier, 1), door=mens),  # noqa: B023  called at once
                lambda: dien_scoreblad_in(blad, door=mens),  # noqa: B023
                lambda: begin_scoreblad(blad, door=mens),  # noqa: B023
            ):
                with weigert("geen_recht"):
                    daad()
    assert dien_scoreblad_in(blad, door=wereld.jef).status == "ingediend"


def test_who_is_no_longer_a_juror_cannot_go_on(wereld, dossier, blad):
    bewaar_scores(blad, alle_scores(dossier, 6), door=wereld.jef)
    wereld.jef.taken.all().delete()
    with weigert("geen_recht"):
        dien_scoreblad_in(blad, door=wereld.jef)
    with weigert("geen_recht"):
        bewaar_scores(blad, alle_scores(dossier, 1), door=wereld.jef)


# Handing in


def test_the_last_sheet_asks_the_chair_for_the_advice(wereld, dossier):
    een, twee = (wijs_toe(dossier, jurylid=wie, door=wereld.bea) for wie in (wereld.jef, wereld.joke))
    for blad, wie in ((een, wereld.jef), (twee, wereld.joke)):
        bewaar_scores(blad, alle_scores(dossier, 6), door=wie)
    with geschiedenis() as eerste:
        dien_scoreblad_in(een, door=wereld.jef)
    with geschiedenis() as laatste:
        dien_scoreblad_in(twee, door=wereld.joke)
    assert eerste.mails == []
    assert laatste.mails == [
        (
            "vic@voorbeeld.test",
            f"Een advies om vast te stellen: {dossier.nummer}",
            f"Alle 2 scorebladen van dossier {dossier.nummer} zijn ingediend. Stel nu het advies van de jury vast.",
        )
    ]


def test_handing_in_a_sheet(wereld, dossier, blad, criteria):
    bewaar_scores(blad, alle_scores(dossier, 6), door=wereld.jef)
    bewaar_scores(blad, {criteria[4].pk: (0, "Blijft niet bestaan.")}, door=wereld.jef)
    with geschiedenis() as nieuw:
        assert dien_scoreblad_in(blad, door=wereld.jef).status == "ingediend"
    assert (vers(blad).status, vers(blad).ingediend_op) == ("ingediend", klok.nu())
    punten = {"kwaliteit": 6, "netwerk": 6, "buurt": 6, "haalbaarheid": 6, "duurzaamheid": 0}
    verwacht = {"dossier": dossier.pk, "punten": punten}
    assert nieuw.feiten == [feit(blad, "scoreblad.dien_in", wereld.jef, "bezig", "ingediend", verwacht)]
    assert nieuw.mails == []
    alles_klopt()


def test_a_sheet_without_all_points_and_motivations_is_refused_one_by_one(wereld, dossier, blad, criteria):
    bewaar_scores(blad, {criteria[0].pk: (5, "Goed.")}, door=wereld.jef)
    stappen = [
        ({}, "Geef nog punten voor 'Netwerk en samenwerking'."),
        ({criteria[1].pk: (5, "")}, "Motiveer nog uw punten voor 'Netwerk en samenwerking'."),
        ({criteria[1].pk: (5, " \n")}, "Motiveer nog uw punten voor 'Netwerk en samenwerking'."),
        ({criteria[1].pk: (None, "Goed.")}, "Geef nog punten voor 'Netwerk en samenwerking'."),
        ({criteria[1].pk: (0, "Goed.")}, "Geef nog punten voor 'Vertrekt van de buurt'."),
        ({c.pk: (5, "Goed.") for c in criteria[2:4]}, "Geef nog punten voor 'Blijft het bestaan?'."),
    ]
    for scores, zin in stappen:
        bewaar_scores(blad, scores, door=wereld.jef)
        assert reden_tegen(vers(blad), "dien_in") == zin
        with weigert("scoreblad_onvolledig", zin):
            dien_scoreblad_in(blad, door=wereld.jef)
    bewaar_scores(blad, {criteria[4].pk: (5, "Goed.")}, door=wereld.jef)
    assert dien_scoreblad_in(blad, door=wereld.jef).status == "ingediend"


def test_a_sheet_that_was_not_begun_cannot_be_handed_in(wereld, blad):
    with weigert("verkeerde_status", "Dit kan niet: het scoreblad heeft de status 'toegewezen'."):
        dien_scoreblad_in(blad, door=wereld.jef)


def test_after_handing_in_nothing_changes_even_in_a_tab_that_read_the_open_sheet(wereld, dossier, blad):
    bewaar_scores(blad, alle_scores(dossier, 6), door=wereld.jef)
    in_een_tab = vers(blad)
    dien_scoreblad_in(blad, door=wereld.jef)
    assert in_een_tab.status == "bezig"
    for rij in (in_een_tab, vers(blad)):
        with weigert("al_ingediend", AL_INGEDIEND):
            bewaar_scores(rij, alle_scores(dossier, 10), door=wereld.jef)
        with weigert("verkeerde_status", "Dit kan niet: het scoreblad heeft de status 'ingediend'."):
            dien_scoreblad_in(rij, door=wereld.jef)
        with weigert("verkeerde_status", "Dit kan niet: het scoreblad heeft de status 'ingediend'."):
            begin_scoreblad(rij, door=wereld.jef)


def test_another_sheet_is_seen_only_once_ones_own_is_in(wereld, dossier, blad):
    scoreblad(dossier, wereld.joke, 7, door=wereld.bea)
    bewaar_scores(blad, {wereld.oproep.criteria.first().pk: (5, "")}, door=wereld.jef)

    def ziet(wie):
        rijen = queries.zichtbare_bladen(dossier, wereld.mensen[wie])
        return [(r["blad"].jurylid.voornaam, r["score"]) for r in rijen]

    assert ziet("jef") == [("Jef", "")]
    assert ziet("joke") == [("Joke", "70,00")]
    assert ziet("vic") == ziet("bea") == ziet("aude") == [("Joke", "70,00")]
    assert ziet("bart") == ziet("an") == ziet("jana") == []
    bewaar_scores(blad, alle_scores(dossier, 3), door=wereld.jef)
    dien_scoreblad_in(blad, door=wereld.jef)
    assert ziet("jef") == ziet("joke") == ziet("vic") == [("Jef", "30,00"), ("Joke", "70,00")]
    assert [r.pk for r in queries.mijn_scorebladen(wereld.jef)] == [blad.pk]


def test_a_sheet_reads_the_same_score_as_the_advice(wereld, dossier, blad, criteria):
    """66,665 on one sheet is 66,67 for both: half up, not cut off."""
    criterium = criteria[0]
    type(criterium).objects.filter(pk=criterium.pk).update(gewicht=100, max_punten=200)
    type(criterium).objects.filter(oproep=wereld.oproep).exclude(pk=criterium.pk).delete()
    type(dossier.ronde).objects.filter(pk=wereld.ronde.pk).update(lezers_per_dossier=1)
    type(criterium).objects.filter(pk=criterium.pk).update(gewicht=1)
    bewaar_scores(blad, {criterium.pk: (1, "Goed.")}, door=wereld.jef)
    dien_scoreblad_in(blad, door=wereld.jef)
    advies = stel_advies_vast(dossier, gunstig=False, motivering="Neen.", door=wereld.vic)
    (rij,) = queries.zichtbare_bladen(dossier, wereld.vic)
    assert (advies.score_honderdsten, rij["score"]) == (1, "0,01")


# The advice


@pytest.fixture
def gescoord(wereld, dossier):
    scoreblad(dossier, wereld.jef, 8, door=wereld.bea)
    scoreblad(dossier, wereld.joke, 7, door=wereld.bea)
    return dossier


@pytest.mark.parametrize("gunstig", [True, False])
def test_adopting_the_advice_fixes_the_mean_of_the_sheets(wereld, gescoord, gunstig):
    with geschiedenis() as nieuw:
        advies = stel_advies_vast(gescoord, gunstig=gunstig, motivering="Sterk netwerk.", door=wereld.vic)
    rij = Juryadvies.objects.values().get(pk=advies.pk)
    assert rij == {
        "id": advies.pk,
        "dossier_id": gescoord.pk,
        "status": "vastgesteld",
        "gunstig": gunstig,
        "motivering": "Sterk netwerk.",
        "score_honderdsten": 7500,
        "vastgesteld_op": klok.nu(),
    }
    inhoud = {"dossier": gescoord.pk, "gunstig": gunstig, "motivering": "Sterk netwerk.", "score_honderdsten": 7500}
    assert nieuw.feiten == [feit(advies, "juryadvies.stel_vast", wereld.vic, "ontwerp", "vastgesteld", inhoud)]
    assert nieuw.mails == []
    assert queries.advies_van(gescoord) == advies
    assert bouw.opnieuw(gescoord).status == "ontvankelijk"
    alles_klopt()


def test_three_sheets_give_a_mean_in_hundredths(wereld, gescoord):
    scoreblad(gescoord, wereld.jana, 7, door=wereld.bea)
    advies = stel_advies_vast(gescoord, gunstig=True, motivering="Goed.", door=wereld.vic)
    assert advies.score_honderdsten == 7333
    alles_klopt()


@pytest.mark.parametrize("motivering", ["", "  \n"])
def test_an_advice_without_motivation_is_refused(wereld, gescoord, motivering):
    with weigert("motivering_ontbreekt", "Schrijf de motivering van het advies.", "motivering"):
        stel_advies_vast(gescoord, gunstig=True, motivering=motivering, door=wereld.vic)


def test_adopting_twice_is_refused(wereld, gescoord):
    stel_advies_vast(gescoord, gunstig=True, motivering="Goed.", door=wereld.vic)
    with weigert("advies_bestaat", "Het advies is al vastgesteld."):
        stel_advies_vast(gescoord, gunstig=False, motivering="Toch niet.", door=wereld.vic)


@pytest.mark.parametrize("aantal", [0, 1])
def test_too_few_sheets(wereld, dossier, aantal):
    for jurylid in (wereld.jef, wereld.joke)[:aantal]:
        scoreblad(dossier, jurylid, 8, door=wereld.bea)
    zin = f"Er zijn {aantal} scorebladen ingediend; er zijn er 2 nodig."
    with weigert("te_weinig_scorebladen", zin):
        stel_advies_vast(dossier, gunstig=True, motivering="Goed.", door=wereld.vic)


@pytest.mark.parametrize("begonnen", [False, True])
def test_a_sheet_that_is_still_open(wereld, gescoord, begonnen):
    blad = wijs_toe(gescoord, jurylid=wereld.jana, door=wereld.bea)
    if begonnen:
        bewaar_scores(blad, alle_scores(gescoord, 9), door=wereld.jana)
    with weigert("scorebladen_open", "Nog niet alle scorebladen van dit dossier zijn ingediend."):
        stel_advies_vast(gescoord, gunstig=True, motivering="Goed.", door=wereld.vic)


def test_no_advice_before_the_judging_starts(wereld, gesloten):
    with weigert("ronde_niet_in_beoordeling", NIET_IN_BEOORDELING):
        stel_advies_vast(gesloten, gunstig=True, motivering="Goed.", door=wereld.vic)


def test_a_juror_reads_a_dossier_only_through_her_own_sheet(wereld, dossier):
    assert not rechten.mag_dossier_lezen(wereld.jef, dossier)
    wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)
    assert rechten.mag_dossier_lezen(wereld.jef, dossier)
    assert not rechten.mag_dossier_lezen(wereld.joke, dossier)
    assert rechten.mag_dossier_lezen(wereld.vic, dossier)
    assert Score.objects.count() == 0
