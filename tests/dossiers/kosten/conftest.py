"""A running project in the shared world, with a claim in each state on request (tests/dossiers/kosten/hulp.py)."""

from tests.hulp import basis, wereld

__all__ = ["basis", "wereld"]
