"""Tests of the pages."""

import pytest

pytest.register_assert_rewrite("tests.portaal.pagina")
