"""Rows from a data file: made when they are new, or held against what was loaded before.

One reading of a file serves both: it hands every row to a `Maken` or to a `Vergelijken`. Faults are ValueErrors
with a Dutch sentence; who reads the file knows the place and makes a Weigering of them.
"""

from abc import ABC, abstractmethod
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from kern.canoniek import tekst_fout
from kern.geld import euro_tekst

M = TypeVar("M", bound=models.Model)
_LANGSTE = 60


class Strijdig(ValueError):
    """The file says something else than what was loaded; `veld` is the field of the model, or None for the row."""

    def __init__(self, zin: str, veld: str | None = None) -> None:
        super().__init__(zin)
        self.veld = veld


class Opslag(ABC):
    """What becomes of the rows of a file."""

    @abstractmethod
    def rij(self, model: type[M], wat: str, sleutel: tuple[str, ...], /, **velden: Any) -> M:
        """Return the row with these values.

        wat: how sentences name the row ('schijf 2', or ''); sleutel: the fields that find it again.
        Raises ValueError when a value breaks a rule of the model, Strijdig when it contradicts what was loaded.
        """

    @abstractmethod
    def volledig(self, model: type[models.Model], wat: str, aantal: int, /, **waar: Any) -> None:
        """Say that the file has `aantal` rows of this kind; Strijdig when more were loaded."""


class Maken(Opslag):
    """Store every row."""

    def rij(self, model: type[M], wat: str, _sleutel: tuple[str, ...], /, **velden: Any) -> M:
        """Check the row by the rules of its model and store it."""
        rij = _gezuiverd(model, wat, velden)
        rij.save()
        return rij

    def volledig(self, model: type[models.Model], wat: str, aantal: int, /, **waar: Any) -> None:
        """Nothing was loaded before."""


class Vergelijken(Opslag):
    """Store nothing; every row must be there already, with the same values."""

    def rij(self, model: type[M], wat: str, sleutel: tuple[str, ...], /, **velden: Any) -> M:
        """Return the stored row when it is equal."""
        begin = f"{wat}: " if wat else ""
        nieuw = _gezuiverd(model, wat, velden)
        oud = model._default_manager.filter(**{naam: velden[naam] for naam in sleutel}).first()
        if oud is None:
            raise Strijdig(f"{begin}dit staat niet in wat eerder geladen is.")
        for naam in velden:
            veld = model._meta.get_field(naam)
            if getattr(oud, veld.attname) != getattr(nieuw, veld.attname):  # type: ignore[union-attr]
                zin = f"{begin}{naam.removesuffix('_cent')} is hier {_toon(nieuw, naam)}, maar eerder is "
                raise Strijdig(f"{zin}{_toon(oud, naam)} geladen.", naam)
        return oud

    def volledig(self, model: type[models.Model], wat: str, aantal: int, /, **waar: Any) -> None:
        """Compare the number of rows."""
        geladen = model._default_manager.filter(**waar).count()
        if geladen != aantal:
            raise Strijdig(f"het bestand heeft {aantal} {wat}, maar eerder zijn er {geladen} geladen.")


def _gezuiverd(model: type[M], wat: str, velden: dict[str, Any]) -> M:
    begin = f"{wat}: " if wat else ""
    bekend = {veld.name for veld in model._meta.fields}
    for naam, waarde in velden.items():
        if naam not in bekend:
            raise ValueError(f"{begin}onbekend veld '{naam}'.")
        if isinstance(waarde, float):
            raise ValueError(f"{begin}{naam} {waarde!r} is geen geheel getal.")  # noqa: TRY004  one kind of fault
        if isinstance(waarde, str) and tekst_fout(waarde):
            raise ValueError(f"{begin}{naam} bevat een teken dat niet bewaard kan worden.")
    rij = model(**velden)
    # The state of a new row is its default, and not from the file.
    overslaan = {veld.name for veld in model._meta.fields if veld.is_relation} | ({"status"} - velden.keys())
    try:
        rij.clean_fields(exclude=overslaan)
    except ValidationError as fout:
        naam, zinnen = next(iter(fout.message_dict.items()))
        raise ValueError(f"{begin}{naam}: {zinnen[0].rstrip('.')}.") from None
    return rij


def _toon(rij: models.Model, naam: str) -> str:
    waarde = getattr(rij, naam)
    if waarde in {None, ""} if not isinstance(waarde, list) else not waarde:
        return "leeg"
    if naam.endswith("_cent"):
        return euro_tekst(waarde)
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    tekst = waarde.isoformat() if isinstance(waarde, date) else str(waarde)
    return f"'{tekst if len(tekst) <= _LANGSTE else tekst[:_LANGSTE] + '…'}'"
