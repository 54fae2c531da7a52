"""Forms about what blocks payments. Fields have the names that refusals of the acts point at."""

from typing import Any

from django import forms

from betalingen.forms import HOOGSTE_CENT
from betalingen.models import Betaalbelemmering
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld


class BelemmeringForm(forms.Form):
    """What stands in the way, with the document that says so."""

    soort = forms.ChoiceField(
        label="Wat belemmert de betaling?", choices=Betaalbelemmering.Soort.choices, widget=forms.RadioSelect
    )
    waarop = forms.ChoiceField(
        label="Waarop rust ze?",
        choices=[("dossier", "Op dit dossier"), ("organisatie", "Op alle dossiers van deze organisatie")],
        widget=forms.RadioSelect,
    )
    sinds = DatumVeld(label="Sinds", help_text="De dag waarop het stuk bij ons toekwam.")
    kenmerk = TekstVeld(label="Referentie van het stuk", max_length=100)
    bestand = forms.FileField(label="Het stuk", help_text="Alleen het personeel ziet dit stuk.")
    bedrag = BedragVeld(
        label="Bedrag in het stuk",
        required=False,
        laagste_cent=1,
        hoogste_cent=HOOGSTE_CENT,
        help_text="Leeg als het stuk geen bedrag noemt. Ook met een bedrag blijft alles geblokkeerd.",
    )
    nota = TekstVeld(label="Nota", required=False, regels=3, max_length=5_000)


class OpheffenForm(forms.Form):
    """Why nothing stands in the way any more."""

    reden = TekstVeld(label="Reden", regels=3, max_length=2_000)


class BelemmeringFilter(forms.Form):
    """Filters of the list; one that cannot be read filters nothing."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "alle"), *Betaalbelemmering.Status.choices]
    )
    soort = forms.ChoiceField(label="Soort", required=False, choices=[("", "alle"), *Betaalbelemmering.Soort.choices])
    dossier = TekstVeld(label="Dossiernummer", required=False, max_length=20)

    def waarde(self, naam: str) -> Any:
        """Return what was chosen, or None."""
        self.is_valid()
        return self.cleaned_data.get(naam) or None
