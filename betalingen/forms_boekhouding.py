"""Forms about books that are kept in an outside system."""

from typing import Any

from django import forms

from betalingen.models import Boekhouding
from kern.formulieren import DatumVeld, TekstVeld
from oproepen.models import Oproep


class BoekhoudingForm(forms.Form):
    """Where a granter keeps its books."""

    verstrekker = forms.ChoiceField(label="Verstrekker", help_text="Zoals in de oproep.")
    wijze = forms.ChoiceField(label="Waar gebeurt de boekhouding?", choices=Boekhouding.Wijze.choices)
    reden = TekstVeld(label="Waarom wijzigt dit?", max_length=500, regels=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        namen = Oproep.objects.order_by("verstrekker").values_list("verstrekker", flat=True).distinct()
        self.fields["verstrekker"].choices = [(naam, naam) for naam in namen]  # type: ignore[attr-defined]


class VastleggingsnummerForm(forms.Form):
    """The number and day of a commitment in the outside system."""

    nummer = TekstVeld(label="Vastleggingsnummer", max_length=40, help_text="Zoals in de boekhouding.")
    datum = DatumVeld(label="Datum van de vastlegging")


class VereffendForm(forms.Form):
    """The document and day of a charge in the outside system."""

    stuknummer = TekstVeld(label="Stuknummer", max_length=40, help_text="Zoals in de boekhouding.")
    datum = DatumVeld(label="Datum van de vereffening")


class VerklaarForm(forms.Form):
    """Why a difference may stay."""

    verstrekker = forms.CharField(widget=forms.HiddenInput)
    sleutel = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reden = TekstVeld(label="Waarom mag dit verschil blijven?", max_length=500)
