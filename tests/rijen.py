"""Every row of every table, as plain values: to see what changed, and to put a world back."""

import functools
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models

Rij = tuple[Any, ...]
# What migrate fills.
VAST = {"contenttypes", "auth"}


@functools.cache
def modellen() -> dict[str, type[models.Model]]:
    """Return table -> model, of all tables but those that migrate fills."""
    alle = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in alle if model._meta.app_label not in VAST}


@functools.cache
def tabellen() -> dict[str, list[str]]:
    """Return table -> columns, the key first."""
    return {tabel: _kolommen(model) for tabel, model in modellen().items()}


def _kolommen(model: type[models.Model]) -> list[str]:
    return sorted((veld.column for veld in model._meta.concrete_fields), key=lambda k: k != model._meta.pk.column)


def alle_rijen(namen: Iterable[str] | None = None) -> dict[str, list[Rij]]:
    """Return table -> rows, in the order of their keys, of these tables or of all."""
    quote = connection.ops.quote_name
    rijen = {}
    with connection.cursor() as cursor:
        for tabel in tabellen() if namen is None else namen:
            kolommen = ", ".join(quote(kolom) for kolom in tabellen()[tabel])
            cursor.execute(f"SELECT {kolommen} FROM {quote(tabel)} ORDER BY 1")  # noqa: S608
            rijen[tabel] = cursor.fetchall()
    return rijen


def afdrukken(namen: Iterable[str] | None = None) -> dict[str, Any]:
    """Return table -> what is equal as long as every value of every row of it is; of these tables or of all.

    On PostgreSQL the server makes a sum of the rows: one question, and no rows to read.
    """
    if connection.vendor != "postgresql":
        return alle_rijen(namen)
    with connection.cursor() as cursor:
        cursor.execute(_vraag_sommen(tuple(tabellen() if namen is None else namen)))
        return dict(cursor.fetchall())


@functools.cache
def _vraag_sommen(namen: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    delen = []
    for tabel in namen:
        rijen = f"string_agg(t::text, ' ' ORDER BY t.{quote(tabellen()[tabel][0])})"
        delen.append(f"SELECT '{tabel}', (SELECT md5(coalesce({rijen}, '')) FROM {quote(tabel)} t)")  # noqa: S608
    return " UNION ALL ".join(delen)
