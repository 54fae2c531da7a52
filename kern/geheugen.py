"""What a page reads more than once is asked of the database once.

Only while a page is shown (GET): it changes nothing, so an answer stays true until the page is made. An act never
remembers anything: it reads under its locks.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_onthouden: ContextVar[dict[Hashable, Any] | None] = ContextVar("onthouden", default=None)


@contextmanager
def onthoud() -> Iterator[None]:
    """Remember the answers of `eenmaal` inside the with block."""
    merk = _onthouden.set({})
    try:
        yield
    finally:
        _onthouden.reset(merk)


def eenmaal(sleutel: Hashable, lees: Callable[[], T]) -> T:
    """Return `lees()`; inside `onthoud` it is called only the first time for this key."""
    onthouden = _onthouden.get()
    if onthouden is None:
        return lees()
    if sleutel not in onthouden:
        onthouden[sleutel] = lees()
    antwoord: T = onthouden[sleutel]
    return antwoord
