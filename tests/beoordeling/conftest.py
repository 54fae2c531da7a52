"""The world with objects in every state: a module takes `wereld` or `rijk` (tests/hulp.py), or builds its own."""

from tests.hulp import gebouwd, rijk

__all__ = ["gebouwd", "rijk"]
