"""Fixtures for the tests of pages.

A module takes `toneel` or `wereld`, never both: the rich world stays in the database until the module ends.
"""

import pytest

from kern import klok
from tests.hulp import LAATST, RijkeWereld, gebouwd
from tests.portaal.toneel import Toneel, bouw_toneel

__all__ = ["gebouwd"]


@pytest.fixture(scope="module")
def opgezet(gebouwd: RijkeWereld, django_db_blocker: pytest.FixtureRequest) -> Toneel:
    """Build the stage on the rich world; it goes when that goes."""
    with django_db_blocker.unblock():
        return bouw_toneel(gebouwd)


@pytest.fixture
def toneel(opgezet: Toneel, db: None) -> Toneel:
    """Give the rich world with a signed-in browser per role, at LAATST."""
    klok.zet(LAATST)
    return opgezet
