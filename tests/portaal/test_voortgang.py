"""Where a project stands that ended early: the applicant reads it, and nothing is said to follow."""

import pytest

from portaal.voortgang import stappen
from tests.portaal.toneel import Toneel


@pytest.mark.parametrize(
    ("organisatie", "zin"),
    [("aartselaar", "Uw organisatie zag af van de subsidie."), ("boom", "Dit project is stopgezet.")],
)
def test_a_project_that_ended_early_ends_there(toneel: Toneel, organisatie: str, zin: str):
    rijen = stappen(toneel.dossier(9, organisatie))
    assert (rijen[-1]["titel"], rijen[-1]["tekst"], rijen[-1]["toestand"]) == ("Uitvoering en verslagen", zin, "nu")
    assert [rij["toestand"] for rij in rijen[:-1]] == ["gedaan"] * 4
