"""Open data of the rich world: only what was notified, in every format."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rdflib import RDF

from tests.hulp import RijkeWereld, ongewijzigd
from tests.portaal.test_publicatie_360giving import fouten, lees
from tests.portaal.test_publicatie_oslo import SUB, bezwaren, graaf
from tests.portaal.test_publicatie_register import KOP, regel, regels

pytestmark = pytest.mark.django_db


def exporteer(*woorden: Any) -> str:
    uit = StringIO()
    call_command("exporteer", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def bekend(rijk: RijkeWereld) -> set[str]:
    gekozen = [rijk.dossiers[luik, n, naam] for luik in rijk.luiken for n in (1, 9) for naam in ("aartselaar", "boom")]
    return {str(dossier.nummer) for dossier in gekozen}


def test_every_row_of_the_rich_world(rijk: RijkeWereld, tmp_path: Path):
    pad = tmp_path / "r.csv"
    with ongewijzigd():
        assert exporteer("subsidieregister", "--uit", pad) == f"12 rijen geschreven naar {pad}.\n"
    verwacht = [KOP]
    for organisatie, betaald in ((rijk.aartselaar, "100,000"), (rijk.boom, "0")):
        for luik in ("Vlaanderen", "Brussel"):
            verwacht += [
                regel(luik, organisatie, 2022, "100,000", betaald),
                regel(luik, organisatie, 2022, "10,000", "0"),
                regel(luik, organisatie, 2022, "-10,000", "0"),
            ]
    assert regels(pad) == [*verwacht, ""]


def test_the_rich_world_is_valid_and_has_only_what_was_notified(rijk: RijkeWereld, tmp_path: Path):
    pad = tmp_path / "g.JSON"
    assert exporteer("360giving", "--uit", pad) == f"8 toekenningen geschreven naar {pad}.\n"
    pakket = lees(pad)
    assert fouten(pakket) == []
    assert {g["id"] for g in pakket["grants"]} == {f"360G-oproepenloket-{nummer}" for nummer in bekend(rijk)}
    # The judge works: without its date a grant is refused, and so is one that was paid in letters.
    del pakket["grants"][0]["awardDate"]
    pakket["grants"][1]["amountDisbursed"] = "veel"
    assert len(fouten(pakket)) == 2


def test_the_graph_of_the_rich_world_conforms(rijk: RijkeWereld, tmp_path: Path):
    pad = tmp_path / "o.jsonld"
    assert exporteer("oslo", "--uit", pad) == f"8 toekenningen geschreven naar {pad}.\n"
    gevonden = graaf(pad)
    assert bezwaren(gevonden) == ""
    dossiers = gevonden.subjects(RDF.type, SUB.SubsidiemaatregelConsumptie)
    assert {str(iri).rsplit("/", 1)[1] for iri in dossiers} == bekend(rijk)
