"""No act without tests: every act of the register is called by name in the tests of its package."""

import re

import pytest

from tests.hulp import WORTEL, register

# Where the tests of an act may stand, by the package that has the act.
MAPPEN = ("organisaties", "oproepen", "dossiers", "beoordeling", "betalingen", "kern")
HANDELINGEN = register()


def _teksten():
    return [
        pad.read_text(encoding="utf-8")
        for map_ in MAPPEN
        for pad in (WORTEL / "tests" / map_).rglob("test_*.py")
        if pad.name != "test_wie_mag.py"  # names every act already, for the right alone
    ]


@pytest.mark.parametrize("naam", sorted(HANDELINGEN))
def test_every_act_is_called_in_a_test_of_its_own(naam):
    """By its function, or by its name in the events that the test expects."""
    zoek = re.compile(rf"\b{HANDELINGEN[naam].functie.__name__}\(|[\"']{re.escape(naam)}[\"']")
    assert any(zoek.search(tekst) for tekst in _teksten())


def test_every_act_says_in_dutch_what_it_does_and_is_named_object_and_verb():
    for naam, handeling in HANDELINGEN.items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", naam)
        assert handeling.omschrijving[:1].isupper()
        assert not handeling.omschrijving.endswith(".")
        assert handeling.functie.__doc__
    assert len({h.omschrijving for h in HANDELINGEN.values()}) == len(HANDELINGEN)
