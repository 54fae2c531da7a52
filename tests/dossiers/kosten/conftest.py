"""A running project in the shared world, with a claim in each state on request (tests/dossiers/kosten/hulp.py).

A module builds the project of `spel` once; a test of that module that takes `wereld` gets the world before it.
"""

from typing import Any

import pytest

from tests import bouw
from tests.dossiers.kosten.hulp import Spel, lopend
from tests.hulp import Laag
from tests.hulp import wereld as basiswereld

__all__ = ["basiswereld"]


@pytest.fixture
def zonder_laag(laag: Laag) -> None:
    """Undo what other tests of the module built further."""
    laag.weg()


@pytest.fixture
def wereld(zonder_laag: None, basiswereld: bouw.Wereld) -> bouw.Wereld:
    """Give the published call, without a project that runs."""
    return basiswereld


@pytest.fixture
def gebouwd_spel(laag: Laag) -> Any:
    """Give the project before the transaction of the test begins."""
    return laag.neem(lopend)


@pytest.fixture
def spel(gebouwd_spel: Spel, db: None) -> Spel:
    """Give the running project; what the test changes is undone after it."""
    return gebouwd_spel
