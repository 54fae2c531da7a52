"""Worlds that a module builds once (tests/hulp.py): a module takes `wereld` or `rijk`, or builds its own; only one."""

from tests.hulp import basis, gebouwd, rijk, wereld

__all__ = ["basis", "gebouwd", "rijk", "wereld"]
