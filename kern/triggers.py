"""Triggers that make rows unchangeable, on both databases, made again after every migrate.

An AlterField on SQLite remakes the table and drops its triggers without a word; that is why they do not stand
in a migration but are (re)made by `na_migratie` on post_migrate, and counted by `manage.py controleer`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import connection, models

M = TypeVar("M", bound=models.Model)

_VERBOD = "deze rij mag niet gewijzigd of verwijderd worden"
# Model -> whether its rows may be deleted.
_BEWAAKT: dict[type[models.Model], bool] = {}


def bewaakt(*, verwijderen: bool) -> Callable[[type[M]], type[M]]:
    """Mark a model whose rows are never changed; `verwijderen` says whether they may be deleted."""

    def merk(model: type[M]) -> type[M]:
        _BEWAAKT[model] = verwijderen
        return model

    return merk


def na_migratie(sender: AppConfig, **_: Any) -> None:
    """Make the triggers of the app that was migrated (signal post_migrate)."""
    maak([model for model in _BEWAAKT if model._meta.app_config is sender])


def maak(modellen: list[type[models.Model]]) -> None:
    """Make, or make again, the triggers of these models; a model without a table yet is passed over."""
    tabellen = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in modellen:
            if model._meta.db_table in tabellen:
                for opdracht in _opdrachten(model):
                    cursor.execute(opdracht)


def verwijder_alle() -> None:
    """Drop all triggers; only the `flush` between tests does this."""
    with connection.cursor() as cursor:
        for model in _BEWAAKT:
            for naam in _namen(model):
                op_tabel = f" ON {model._meta.db_table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {naam}{op_tabel}")


def modellen() -> list[type[models.Model]]:
    """Return the models whose rows are guarded."""
    return list(_BEWAAKT)


def ontbrekend() -> list[str]:
    """Return the names of triggers that should exist and do not."""
    if connection.vendor == "postgresql":
        vraag = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    else:
        vraag = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(vraag)
        aanwezig = {rij[0] for rij in cursor.fetchall()}
    return [naam for model in _BEWAAKT for naam in _namen(model) if naam not in aanwezig]


def _namen(model: type[models.Model]) -> list[str]:
    tabel = model._meta.db_table
    namen = [f"{tabel}_niet_wijzigen"]
    if not _BEWAAKT[model]:
        namen.append(f"{tabel}_niet_verwijderen")
    if connection.vendor == "postgresql":
        namen.append(f"{tabel}_niet_leegmaken")
    return namen


def _opdrachten(model: type[models.Model]) -> list[str]:
    tabel = model._meta.db_table
    if connection.vendor == "postgresql":
        return _opdrachten_postgresql(model, tabel)
    uit = []
    for naam in _namen(model):
        daad = "UPDATE" if naam.endswith("_wijzigen") else "DELETE"
        uit += [
            f"DROP TRIGGER IF EXISTS {naam}",
            f"CREATE TRIGGER {naam} BEFORE {daad} ON {tabel} BEGIN SELECT RAISE(ABORT, '{tabel}: {_VERBOD}'); END",
        ]
    return uit


def _opdrachten_postgresql(model: type[models.Model], tabel: str) -> list[str]:
    functie = (
        "CREATE OR REPLACE FUNCTION kern_weiger_wijziging() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%: {_VERBOD}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    uit = [functie]
    daden = {"wijzigen": ("UPDATE", "ROW"), "verwijderen": ("DELETE", "ROW"), "leegmaken": ("TRUNCATE", "STATEMENT")}
    for naam in _namen(model):
        daad, per = daden[naam.rsplit("_", 1)[1]]
        uit.append(
            f"CREATE OR REPLACE TRIGGER {naam} BEFORE {daad} ON {tabel} "
            f"FOR EACH {per} EXECUTE FUNCTION kern_weiger_wijziging()"
        )
    return uit
