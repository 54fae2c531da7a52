"""The one exception for a refusal, and the one place where the database's refusals become the same sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, models


class Weigering(Exception):
    """An act that is not allowed now.

    code: stable name for tests and logs; zin: the exact Dutch sentence for the user;
    veld: name of the form field concerned, or None when it concerns the act as a whole.
    """

    def __init__(self, code: str, zin: str, veld: str | None = None) -> None:
        super().__init__(zin)
        self.code = code
        self.zin = zin
        self.veld = veld


class GeenRecht(Weigering):
    """The person may not do this act on this object."""

    def __init__(self) -> None:
        super().__init__("geen_recht", "U hebt geen recht op deze handeling.")


def eis(voorwaarde: object, code: str, zin: str, veld: str | None = None) -> None:
    """Raise Weigering(code, zin, veld) unless `voorwaarde` is true."""
    if not voorwaarde:
        raise Weigering(code, zin, veld)


@contextmanager
def beperkingen_als_weigering() -> Iterator[None]:
    """Turn the IntegrityError of a named constraint or trigger into its own sentence.

    The sentence stands with the constraint (violation_error_message, violation_error_code); an error
    without a constraint of ours is not ours to explain and passes on.
    """
    try:
        yield
    except IntegrityError as fout:
        beperking = _beperking_van(fout)
        if beperking is None:
            raise
        code = beperking.violation_error_code or beperking.name
        raise Weigering(code, str(beperking.get_violation_error_message())) from fout


def _beperking_van(fout: IntegrityError) -> models.BaseConstraint | None:
    diagnose = getattr(fout.__cause__, "diag", None)
    naam = diagnose.constraint_name if diagnose else None
    if naam is None:
        treffer = re.search(r"CHECK constraint failed: (\w+)|index '(\w+)'", str(fout))
        naam = next((groep for groep in treffer.groups() if groep), None) if treffer else None
    kolommen = re.search(r"UNIQUE constraint failed: (.+)$", str(fout))
    for model in apps.get_models():
        for beperking in model._meta.constraints:
            if beperking.name == naam or (kolommen and _kolommen(model, beperking) == kolommen[1]):
                return beperking
    return None


def _kolommen(model: type[models.Model], beperking: models.BaseConstraint) -> str | None:
    # SQLite names the columns of a unique constraint, not the constraint.
    if not isinstance(beperking, models.UniqueConstraint):
        return None
    kolommen = {veld.name: veld.column for veld in model._meta.concrete_fields}
    return ", ".join(f"{model._meta.db_table}.{kolommen[naam]}" for naam in beperking.fields)
