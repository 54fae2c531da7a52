"""Triggers that make rows unchangeable or refuse new ones, on both databases, made again after every migrate.

An AlterField on SQLite remakes the table and drops its triggers without a word; that is why they do not stand
in a migration but are (re)made by `na_migratie` on post_migrate, and counted by `manage.py controleer`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import connection, models

M = TypeVar("M", bound=models.Model)

_VERBOD = "deze rij mag niet gewijzigd of verwijderd worden"
# The end of the name of a trigger -> what it is on, and for what it runs.
_DADEN = {
    "wijzigen": ("UPDATE", "ROW"),
    "verwijderen": ("DELETE", "ROW"),
    "leegmaken": ("TRUNCATE", "STATEMENT"),
    "invoegen": ("INSERT", "ROW"),
}
# Model -> whether its rows may be deleted.
_BEWAAKT: dict[type[models.Model], bool] = {}
# Model -> which new rows are refused.
_GEWEIGERD: dict[type[models.Model], "Invoeging"] = {}


@dataclass(frozen=True)
class Invoeging:
    """New rows that the database refuses: a condition in SQL on NEW, the same for both databases, and why.

    In the condition `{jaar_van:kolom}` stands for the year of a date of the new row.
    """

    voorwaarde: str
    zin: str

    @property
    def sql(self) -> str:
        """Return the condition for this database."""
        postgresql = connection.vendor == "postgresql"
        jaar = r"EXTRACT(YEAR FROM NEW.\1)" if postgresql else r"CAST(strftime('%Y', NEW.\1) AS INTEGER)"
        return re.sub(r"\{jaar_van:(\w+)\}", jaar, self.voorwaarde)


def bewaakt(*, verwijderen: bool, geweigerd: Invoeging | None = None) -> Callable[[type[M]], type[M]]:
    """Mark a model whose rows are never changed.

    verwijderen: whether they may be deleted; geweigerd: which new rows the database refuses.
    """

    def merk(model: type[M]) -> type[M]:
        _BEWAAKT[model] = verwijderen
        if geweigerd is not None:
            _GEWEIGERD[model] = geweigerd
        return model

    return merk


def voor_migratie(sender: AppConfig, **_: Any) -> None:
    """Drop what refuses new rows of the app (signal pre_migrate): SQLite remakes no table that a trigger looks at."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for model in _GEWEIGERD:
                if model._meta.app_config is sender:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {model._meta.db_table}_niet_invoegen")


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
    if model in _GEWEIGERD:
        namen.append(f"{tabel}_niet_invoegen")
    return namen


def _opdrachten(model: type[models.Model]) -> list[str]:
    tabel = model._meta.db_table
    if connection.vendor == "postgresql":
        return _opdrachten_postgresql(model, tabel)
    uit = []
    for naam in _namen(model):
        wanneer, zin = "", _VERBOD
        if naam.endswith("_invoegen"):
            wanneer, zin = f"WHEN {_GEWEIGERD[model].sql} ", _GEWEIGERD[model].zin
        daad = _DADEN[naam.rsplit("_", 1)[1]][0]
        uit += [
            f"DROP TRIGGER IF EXISTS {naam}",
            f"CREATE TRIGGER {naam} BEFORE {daad} ON {tabel} {wanneer}BEGIN SELECT RAISE(ABORT, '{tabel}: {zin}'); END",
        ]
    return uit


def _opdrachten_postgresql(model: type[models.Model], tabel: str) -> list[str]:
    functie = (
        "CREATE OR REPLACE FUNCTION kern_weiger_wijziging() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '%: {_VERBOD}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    uit = [functie]
    for naam in _namen(model):
        daad, per = _DADEN[naam.rsplit("_", 1)[1]]
        doe = "kern_weiger_wijziging"
        if naam.endswith("_invoegen"):
            doe = naam
            uit.append(_functie_postgresql(naam, _GEWEIGERD[model]))
        uit.append(f"CREATE OR REPLACE TRIGGER {naam} BEFORE {daad} ON {tabel} FOR EACH {per} EXECUTE FUNCTION {doe}()")
    return uit


def _functie_postgresql(naam: str, geweigerd: Invoeging) -> str:
    # A trigger's own WHEN can look at no other table; its function can.
    return (
        f"CREATE OR REPLACE FUNCTION {naam}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {geweigerd.sql} THEN "
        f"RAISE EXCEPTION '%: {geweigerd.zin}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
