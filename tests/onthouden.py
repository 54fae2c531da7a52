"""A world that was built before is put back, not played again.

Most of the time of a test goes into building its world by acts. A builder marked with `onthoudt` gives the same rows
whenever it starts from the same rows, at the same moment, with the same arguments; so the second time in a process
the rows that it wrote the first time are written again, value by value, keys included.

@onthoudt
def beslist(w, punten=None): ...
"""

import copy
import functools
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.conf import UserSettingsHolder, settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction

from kern import klok
from kern.models import Bestand
from tests.rijen import Rij, afdrukken, alle_rijen, modellen, tabellen

P = ParamSpec("P")
R = TypeVar("R")
Rijen = dict[str, list[Rij]]

PER_KEER = 400  # parameters in one statement; every SQLite takes 999
_ONTHOUDEN: dict[Hashable, "Gebouwd"] = {}


@dataclass
class Gebouwd:
    """What a builder did: its arguments and result afterwards, its rows, the clock, and the files of those rows."""

    inhoud: tuple[Any, Any]
    weg: dict[str, list[Any]]
    erbij: dict[str, list[Rij]]
    moment: Any
    bestanden: dict[str, bytes]


def onthoudt(bouwer: Callable[P, R]) -> Callable[P, R]:
    """Mark a builder of rows; its arguments are worlds (changed in place, as the builder does), rows and plain values.

    With settings that a test changed nothing is remembered: they would be an argument that nobody sees.
    """

    @functools.wraps(bouwer)
    def bouw(*args: P.args, **kwargs: P.kwargs) -> R:
        if isinstance(settings._wrapped, UserSettingsHolder):
            return bouwer(*args, **kwargs)
        sleutel = (bouwer, _sleutel(args), _sleutel(kwargs), klok.nagespeeld() and klok.nu(), _afdruk())
        if sleutel not in _ONTHOUDEN:
            voor = alle_rijen()
            uit = bouwer(*args, **kwargs)
            inhoud = ((*args, *kwargs.values()), uit)
            _ONTHOUDEN[sleutel] = _verschil(voor, alle_rijen(), copy.deepcopy(inhoud))
            return uit
        gebouwd = _ONTHOUDEN[sleutel]
        _zet_terug(gebouwd)
        werden, uit = copy.deepcopy(gebouwd.inhoud)
        for was, werd in zip((*args, *kwargs.values()), werden, strict=True):
            if hasattr(was, "__dict__") and not isinstance(was, models.Model):
                was.__dict__.update(werd.__dict__)
        return uit

    return bouw


def _sleutel(waarde: Any) -> Hashable:
    if isinstance(waarde, models.Model):
        return (waarde._meta.label, waarde.pk)
    if isinstance(waarde, dict):
        return tuple((naam, _sleutel(w)) for naam, w in waarde.items())
    if isinstance(waarde, (list, tuple)):
        return tuple(_sleutel(w) for w in waarde)
    # A world is told by its rows.
    return type(waarde) if hasattr(waarde, "__dict__") else repr(waarde)


def _afdruk() -> int:
    return hash(tuple((tabel, tuple(wat)) for tabel, wat in afdrukken().items()))


def _verschil(voor: Rijen, na: Rijen, inhoud: tuple[Any, Any]) -> Gebouwd:
    weg, erbij = {}, {}
    for tabel in na:
        oud, nieuw = set(voor[tabel]), set(na[tabel])
        anders = [rij for rij in na[tabel] if rij not in oud]
        verdwenen = [rij[0] for rij in voor[tabel] if rij not in nieuw]
        weg |= {tabel: verdwenen} if verdwenen else {}
        erbij |= {tabel: anders} if anders else {}
    paden = [
        bestand.pad for bestand in Bestand.objects.filter(pk__in=[rij[0] for rij in erbij.get("kern_bestand", [])])
    ]
    return Gebouwd(inhoud, weg, erbij, klok.nu(), {pad: _inhoud(pad) for pad in paden})


def _inhoud(pad: str) -> bytes:
    with default_storage.open(pad) as bestand:
        return bytes(bestand.read())


def _zet_terug(gebouwd: Gebouwd) -> None:
    """Write the rows. Foreign keys are looked at when the transaction ends, so the order of tables is of no matter."""
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for tabel, sleutels in gebouwd.weg.items():
            pk = quote(tabellen()[tabel][0])
            for deel in _delen(sleutels, PER_KEER):
                cursor.execute(f"DELETE FROM {quote(tabel)} WHERE {pk} IN ({', '.join(['%s'] * len(deel))})", deel)  # noqa: S608
        for tabel, rijen in gebouwd.erbij.items():
            kolommen = tabellen()[tabel]
            namen = ", ".join(quote(kolom) for kolom in kolommen)
            waarden = f"({', '.join(['%s'] * len(kolommen))})"
            for deel in _delen(rijen, max(1, PER_KEER // len(kolommen))):
                alle = ", ".join([waarden] * len(deel))
                cursor.execute(f"INSERT INTO {quote(tabel)} ({namen}) VALUES {alle}", [w for rij in deel for w in rij])  # noqa: S608
        # On PostgreSQL the next key of a row does not follow from the rows that are there.
        volgende = connection.ops.sequence_reset_sql(no_style(), [modellen()[tabel] for tabel in gebouwd.erbij])
        if volgende:
            cursor.execute(" ".join(volgende))
    for pad, inhoud in gebouwd.bestanden.items():
        if not default_storage.exists(pad):
            default_storage.save(pad, ContentFile(inhoud))
    klok.zet(gebouwd.moment)


def _delen(lijst: list[Any], grootte: int) -> Iterator[list[Any]]:
    for begin in range(0, len(lijst), grootte):
        yield lijst[begin : begin + grootte]
