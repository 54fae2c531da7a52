"""The world with objects in every state (tests/hulp.py).

A module takes `rijk` or `wereld`, never both: each stays in the database until the module ends.
"""

from tests.hulp import gebouwd, rijk

__all__ = ["gebouwd", "rijk"]
