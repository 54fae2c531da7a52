"""A running project, with a claim in each state on request (tests/dossiers/kosten/hulp.py)."""

import pytest

from tests import bouw
from tests.dossiers.kosten.hulp import Spel, lopend


@pytest.fixture
def spel(wereld: bouw.Wereld) -> Spel:
    """Give the running project."""
    return lopend(wereld)
