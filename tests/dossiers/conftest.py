"""One world with objects in every state for all tests of a module; each test undoes what it changes."""

import pytest

from tests.hulp import rijk_fixture

rijk = pytest.fixture(scope="module")(rijk_fixture)
