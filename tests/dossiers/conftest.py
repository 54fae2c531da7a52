"""The world that a module builds once (tests/hulp.py): a module takes `wereld` or builds one of its own, not both."""

from tests.hulp import basis, wereld

__all__ = ["basis", "wereld"]
