"""Fixtures for the tests of pages.

A module takes `toneel`, `gedeelde_wereld` or `wereld`, never two of them: the first two stay in the database until
the module ends.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from kern import klok
from tests import bouw
from tests.hulp import LAATST, RijkeWereld, gebouwd, rijk
from tests.portaal.toneel import Toneel, bouw_toneel

__all__ = ["gebouwd", "rijk"]


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


@pytest.fixture(scope="module")
def gebouwde_wereld(django_db_setup: None, django_db_blocker: Any) -> Iterator[bouw.Wereld]:
    """Build the published call once for a module, in a transaction that is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield bouw.wereld()
        transaction.set_rollback(True)


@pytest.fixture
def gedeelde_wereld(gebouwde_wereld: bouw.Wereld, db: None) -> bouw.Wereld:
    """Give the published call, freshly read; what the test changes is undone after it."""
    klok.zet(bouw.OPEN)
    return bouw.vers(replace(gebouwde_wereld))
