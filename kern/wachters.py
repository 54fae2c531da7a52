"""Guards: objects that say why a transition is not possible now.

The same object serves as a django-fsm condition (called: True or False) and tells the page the reason
for a blocked button (`reden`). A guard never raises.
"""

from collections.abc import Callable, Iterable
from typing import Any

from kern.weigering import Weigering


class Wachter:
    """One rule about one object: `reden(obj)` is the Dutch sentence of what is missing, or None."""

    def __init__(self, code: str, reden: Callable[[Any], str | None]) -> None:
        self.code = code
        self._reden = reden
        self.__name__ = code  # django-fsm shows conditions by name

    def reden(self, obj: Any) -> str | None:
        """Return why `obj` does not pass, as a sentence, or None when it does."""
        return self._reden(obj)

    def __call__(self, obj: Any) -> bool:
        """Return whether `obj` passes."""
        return self.reden(obj) is None


def wachter(code: str) -> Callable[[Callable[[Any], str | None]], Wachter]:
    """Make a Wachter named `code` of a function `obj -> sentence | None`."""
    return lambda functie: Wachter(code, functie)


def eerste_reden(wachters: Iterable[Wachter], obj: Any) -> str | None:
    """Return the first reason that blocks `obj`, or None."""
    return next((zin for w in wachters if (zin := w.reden(obj)) is not None), None)


def eis_wachters(wachters: Iterable[Wachter], obj: Any) -> None:
    """Raise the Weigering of the first guard that `obj` does not pass."""
    for w in wachters:
        zin = w.reden(obj)
        if zin is not None:
            raise Weigering(w.code, zin)
