"""Row locks in the one order of settings.SLOTVOLGORDE, each by ascending key.

On PostgreSQL a lock is SELECT ... FOR NO KEY UPDATE (an insert that refers to the row need not wait). On SQLite every
transaction is IMMEDIATE and so already alone; the order is checked all the same, so that a mistake shows on both.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Iterator

M = TypeVar("M", bound=models.Model)
Plaats = tuple[int, int]

_genomen: ContextVar[set[Plaats] | None] = ContextVar("genomen_sloten", default=None)


class VerkeerdeSlotvolgorde(AssertionError):
    """A programming mistake: this lock comes before one that the transaction already holds."""


@contextmanager
def nieuwe_transactie() -> "Iterator[None]":
    """Start with no locks held; the road opens this around each outermost transaction."""
    merk = _genomen.set(set())
    try:
        yield
    finally:
        _genomen.reset(merk)


def neem(model: type[M], sleutels: Iterable[int]) -> list[M]:
    """Lock the rows of `model` with these keys and return them freshly read, by ascending key.

    Raises VerkeerdeSlotvolgorde when the order is broken, ObjectDoesNotExist when a row is missing.
    """
    gevraagd = sorted(set(sleutels))
    _schrijf_in(model, gevraagd)
    vergrendeld = model._default_manager.select_for_update(no_key=True, of=("self",))
    rijen = list(vergrendeld.filter(pk__in=gevraagd).order_by("pk"))
    if len(rijen) != len(gevraagd):
        raise ObjectDoesNotExist(f"{model.__name__} {gevraagd}")
    return rijen


def neem_een(model: type[M], sleutel: int) -> M:
    """Lock one row and return it freshly read."""
    return neem(model, [sleutel])[0]


def _schrijf_in(model: type[models.Model], sleutels: list[int]) -> None:
    genomen = _genomen.get()
    if genomen is None or not connection.in_atomic_block:
        raise VerkeerdeSlotvolgorde("Een slot wordt alleen binnen een handeling genomen.")
    rang = settings.SLOTVOLGORDE.index(model._meta.label_lower)
    hoogste = max(genomen, default=(-1, -1))
    for sleutel in sleutels:
        if (rang, sleutel) not in genomen and (rang, sleutel) < hoogste:
            raise VerkeerdeSlotvolgorde(f"{model._meta.label_lower} {sleutel} na {hoogste}")
    genomen.update((rang, sleutel) for sleutel in sleutels)
