"""One rich world (tests/hulp.py) for all tests of this folder: no test here builds a world of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hulp import RijkeWereld, gebouwde_rijke_wereld


@pytest.fixture(scope="package")
def gebouwd(django_db_setup: None, django_db_blocker: Any) -> Iterator[RijkeWereld]:
    """Build it once for the folder."""
    with gebouwde_rijke_wereld(django_db_blocker) as w:
        yield w
