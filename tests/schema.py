"""The tables of a database as one JSON text, to compare two databases of the same kind.

Names of indexes and constraints stay out: they depend on the road along which a table came about.
"""

import json
from typing import Any

from django.db import connection

# Of migrate, of createcachetable, and one of Django's own of which the two roads give the key another width.
ANDERS = {"django_migrations", "cache", "auth_group_permissions"}
KENMERKEN = ("columns", "primary_key", "unique", "foreign_key", "check", "index", "orders", "type")


def beschrijf() -> str:
    """Return every table of a model."""
    with connection.cursor() as cursor:
        tabellen = sorted(set(connection.introspection.table_names(cursor)) - ANDERS)
        return json.dumps({tabel: _tabel(cursor, tabel) for tabel in tabellen}, indent=1)


def _tabel(cursor: Any, tabel: str) -> dict[str, Any]:
    kolommen = connection.introspection.get_table_description(cursor, tabel)
    regels = connection.introspection.get_constraints(cursor, tabel).values()
    return {
        "kolommen": sorted([k.name, str(k.type_code), k.internal_size, k.null_ok, k.default] for k in kolommen),
        "regels": sorted(json.dumps([regel.get(kenmerk) for kenmerk in KENMERKEN], default=str) for regel in regels),
    }
