"""Less than what was asked, in rounds of their own: before the advice, below the minimum, and from the reserve list."""

from datetime import timedelta

from beoordeling import services
from beoordeling.services import hef_begrenzing_op
from kern import klok
from tests import bouw
from tests.beoordeling.test_begrenzing import REDEN, begrens, tekst_van
from tests.beoordeling.test_besluit import regels, statussen
from tests.beoordeling.test_reserve import beslis, maak_vrij, met_reserve
from tests.beoordeling.test_reserve import stel as stel_reserve_voor
from tests.dossiers.test_stukken import lees
from tests.hulp import alles_klopt, weigert, zin_status


def test_not_before_the_jury_gave_its_advice(wereld):
    [dossier] = bouw.ontvankelijk(wereld)
    bouw.oproepen.start_beoordeling(wereld.ronde, door=wereld.bea)
    with weigert("advies_ontbreekt", "De jury gaf nog geen advies over dit dossier."):
        begrens(wereld, dossier, 1)


def test_below_the_minimum_score_the_score_is_the_reason(wereld):
    [dossier] = bouw.gescoord(wereld, {"an": 3})
    begrens(wereld, dossier, 0)
    klok.zet(bouw.BESLIST - timedelta(days=7))
    [regel] = services.stel_voor(wereld.ronde, door=wereld.bea).regels.all()
    assert regel.uitkomst == "weigering_kwaliteit" and REDEN not in regel.motivering


# The reserve list


def test_from_the_reserve_list_less_is_awarded_and_fits_sooner(wereld):
    (aartselaar, _, vzw) = rijen = met_reserve(wereld)
    begrens(wereld, bouw.opnieuw(aartselaar), 20_000_00)
    maak_vrij(wereld, 19_999_99)
    zin = f"Het eerste dossier op de reservelijst, {aartselaar.nummer}, krijgt hoogstens 20.000,00 euro."
    with weigert("reserve_past_niet", f"{zin} Er is 19.999,99 euro vrij."):
        stel_reserve_voor(wereld)
    maak_vrij(wereld, 60_000_00)
    assert "80,00 € 60.000,00, hoogstens € 20.000,00" in tekst_van(wereld.bea, f"/rondes/{wereld.ronde.pk}/")
    besluit = stel_reserve_voor(wereld)
    assert regels(besluit) == [
        (aartselaar.pk, 2, 8000, "toekenning", 20_000_00),
        (vzw.pk, 3, 7000, "toekenning", 40_000_00),
    ]
    with weigert("verkeerde_status", zin_status(bouw.opnieuw(vzw))):
        begrens(wereld, bouw.opnieuw(vzw), 1)
    besluit = beslis(wereld, besluit, "MB-2022-2")
    assert [bouw.opnieuw(rij).toegekend_cent for rij in rijen] == [20_000_00, 100_000_00, 40_000_00]
    alles_klopt()


def test_nothing_for_the_first_of_the_list_lets_the_next_come(wereld):
    (aartselaar, _, vzw) = rijen = met_reserve(wereld)
    begrens(wereld, bouw.opnieuw(aartselaar), 0)
    maak_vrij(wereld, 40_000_00)
    besluit = stel_reserve_voor(wereld)
    assert regels(besluit) == [
        (aartselaar.pk, 2, 8000, "weigering_bedrag", 0),
        (vzw.pk, 3, 7000, "toekenning", 40_000_00),
    ]
    beslis(wereld, besluit, "MB-2022-2")
    assert statussen(rijen) == ["geweigerd_bedrag", "in_uitvoering", "in_uitvoering"]
    brief = lees(wereld.an, "brief_pdf", bouw.opnieuw(aartselaar)).tekst
    assert "Uw project stond op de reservelijst, maar krijgt geen subsidie." in brief
    assert "stond op plaats 1 van de reservelijst. Er kan niets aan toegekend worden. Waarom minder" in brief
    alles_klopt()


def test_closing_the_list_refuses_what_gets_nothing_for_that_and_the_rest_for_the_budget(wereld):
    (aartselaar, _, vzw) = met_reserve(wereld)
    begrens(wereld, bouw.opnieuw(vzw), 0)
    klok.zet(klok.nu() + timedelta(days=30))
    assert regels(stel_reserve_voor(wereld, afsluiten=True)) == [
        (aartselaar.pk, 2, 8000, "weigering_krediet", 0),
        (vzw.pk, 3, 7000, "weigering_bedrag", 0),
    ]
    for rij in (aartselaar, vzw):  # still on the list, and being decided about
        with weigert("besluit_loopt", "Er loopt al een besluit over deze ronde."):
            begrens(wereld, bouw.opnieuw(rij), 1)
    with weigert("besluit_loopt", "Er loopt al een besluit over deze ronde."):
        hef_begrenzing_op(bouw.opnieuw(vzw), door=wereld.bea)
