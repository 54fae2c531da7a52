"""Double use across dossiers: found by number and supplier or by file, shown as far as one may see, in few queries."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.kosten import opmaak, services
from dossiers.kosten.dubbel import dubbels, factuur_sleutel, leverancier_sleutel
from dossiers.kosten.services import Besluit
from tests import bouw
from tests.dossiers.kosten.hulp import TOT, VAN, Spel, begonnen, kost, lopend, met_regels, opnieuw, van, verdeling
from tests.onthouden import onthoudt


@pytest.mark.parametrize(
    ("een", "ander", "zelfde"),
    [
        ("Drukkerij De Ridder bv", "drukkerij  de ridder B.V.", True),
        ("Café René NV", "Cafe Rene", True),
        ("BV", "NV", False),
        ("Bakker Jan", "Bakker Jans", False),
        ("", "", True),
    ],
)
def test_suppliers_as_they_are_compared(een, ander, zelfde):
    assert (leverancier_sleutel(een) == leverancier_sleutel(ander)) == zelfde


@pytest.mark.parametrize(
    ("een", "ander", "zelfde"), [("F-2022/017", "f2022 017", True), ("17", "017", False), ("", "-", True)]
)
def test_invoice_numbers_as_they_are_compared(een, ander, zelfde):
    assert (factuur_sleutel(een) == factuur_sleutel(ander)) == zelfde


@pytest.fixture
@onthoudt
def twee(wereld):
    """Give a draft of Aartselaar and one of Boom, both with the same invoice on the first line."""
    spel = lopend(wereld)
    boom = Spel(copy.copy(wereld), van(wereld, "Boom"))
    verdeling(boom.dossier, wereld.ben)
    staten = []
    for s, wie in ((spel, wereld.an), (boom, wereld.ben)):
        staat = services.begin_kostenstaat(s.dossier, van=VAN, tot=TOT, door=wie)
        rijen = [kost(spel, factuurnummer="F-17", leverancier_kbo="0207508932"), kost(spel, 5_00)]
        opmaak.voeg_regels_toe(staat, rijen, door=wie)
        staten.append(opnieuw(staat))
    return wereld, *staten


def gevonden(staat, kijker):
    nummers = dict(staat.regels.values_list("pk", "volgnummer"))
    return {
        nummers[pk]: [(d.ander.kostenstaat_id, d.ander.volgnummer, d.wat, d.zichtbaar) for d in rij]
        for pk, rij in dubbels(staat, kijker).items()
    }


def test_found_once_the_other_claim_is_in_and_only_shown_to_who_may_see_it(twee):
    w, eigen, ander = twee
    assert gevonden(eigen, w.bea) == {}  # a draft is its applicant's own
    services.dien_kostenstaat_in(ander, door=w.ben)
    assert gevonden(eigen, w.bea) == {1: [(ander.pk, 1, "dezelfde factuur", True)]}
    assert gevonden(eigen, w.aude) == {1: [(ander.pk, 1, "dezelfde factuur", True)]}
    assert gevonden(eigen, w.stan) == {1: [(ander.pk, 1, "dezelfde factuur", False)]}
    # Another project's claim is no reason to refuse this one.
    assert services.dien_kostenstaat_in(eigen, door=w.an).status == "ingediend"
    assert gevonden(opnieuw(ander), w.bea) == {1: [(eigen.pk, 1, "dezelfde factuur", True)]}


def test_a_rejected_line_is_free_again(twee):
    w, eigen, ander = twee
    services.dien_kostenstaat_in(ander, door=w.ben)
    services.beoordeel_regels(ander, besluiten={1: Besluit(0, "Niet leesbaar.")}, door=w.bea)
    assert gevonden(eigen, w.bea) == {}


def test_the_same_file_in_another_dossier(twee):
    w, eigen, ander = twee
    for staat, wie in ((eigen, w.an), (ander, w.ben)):
        rij = staat.regels.get(volgnummer=2)
        opmaak.zet_bewijs(rij, bouw.upload("a.pdf", bouw.PDF + b"gedeeld"), door=wie)
    services.dien_kostenstaat_in(ander, door=w.ben)
    assert gevonden(eigen, w.bea) == {
        1: [(ander.pk, 1, "dezelfde factuur", True)],
        2: [(ander.pk, 2, "hetzelfde bewijsstuk", True)],
    }


def test_one_supplier_by_number_and_by_name(wereld):
    spel = lopend(wereld)
    staat = begonnen(spel)
    rijen = [
        kost(spel, factuurnummer="1", leverancier_kbo="0207508932"),
        kost(spel, factuurnummer="1", leverancier="Andere naam", leverancier_kbo="0207508932"),
        kost(spel, factuurnummer="1", leverancier_kbo="0207506952"),
        kost(spel, factuurnummer="1", leverancier="Andere naam"),
    ]
    opmaak.voeg_regels_toe(staat, rijen, door=wereld.an)
    anderen = {nummer: [rij[1] for rij in lijst] for nummer, lijst in gevonden(opnieuw(staat), wereld.bea).items()}
    assert anderen == {1: [2], 2: [1, 4], 4: [2]}


@pytest.mark.parametrize("aantal", [1, 3, 500])
def test_four_queries_however_many_lines(twee, aantal):
    w, eigen, ander = twee
    rijen = [kost(Spel(w, eigen.dossier), 1_00, factuurnummer=f"B{i}", leverancier="Bakker") for i in range(aantal - 1)]
    for staat, wie in ((eigen, w.an), (ander, w.ben)):
        opmaak.voeg_regels_toe(staat, rijen[:498], door=wie)
    services.dien_kostenstaat_in(ander, door=w.ben)
    with CaptureQueriesContext(connection) as gevraagd:
        uit = dubbels(eigen, w.bea)
    assert len(gevraagd) == 3  # lines, by invoice, by right; without any file there is no fourth
    assert len(uit) == 1 + len(rijen[:498])


def test_who_hands_in_is_told_of_her_own_dossier_only(twee):
    w, eigen, ander = twee
    services.dien_kostenstaat_in(ander, door=w.ben)
    assert services.dien_kostenstaat_in(eigen, door=w.an).status == "ingediend"


def test_a_draft_twice_in_one_claim_is_found_too(wereld):
    spel = lopend(wereld)
    staat = met_regels(spel)
    rijen = [kost(spel, factuurnummer="9"), kost(spel, factuurnummer="9")]
    opmaak.voeg_regels_toe(staat, rijen, door=wereld.an)
    assert gevonden(staat, wereld.an) == {
        2: [(staat.pk, 3, "dezelfde factuur", True)],
        3: [(staat.pk, 2, "dezelfde factuur", True)],
    }
