"""Form of the declaration of de-minimis aid. A draft may be incomplete; a row may not."""

from typing import Any

from django import forms

from dossiers.deminimis.opmaak import Steun
from dossiers.models import Steunverklaring
from kern import klok
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld
from kern.geld import HOOGSTE_CENT
from oproepen.deminimis import Verordening

ROMP = {"verstrekker": "Schrijf wie de steun gaf.", "datum": "Vul de dag van de toekenning in."}
ROMP |= {"bedrag": "Vul het bedrag in.", "verordening": "Kies de verordening."}


class VerklaringForm(forms.Form):
    """Whether there was aid, the linked undertakings, and the declaration on honour."""

    keuze = forms.ChoiceField(
        label="Kreeg uw onderneming de voorbije drie jaar de-minimissteun?",
        choices=Steunverklaring.Keuze.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Tel ook de steun mee van ondernemingen die met de uwe verbonden zijn. Wat uw eigen organisatie via "
        "dit loket kreeg, moet u niet invullen: dat kennen wij. Dat geldt ook voor een verbonden onderneming waarvan u "
        "hieronder het ondernemingsnummer schrijft.",
    )
    verbonden = TekstVeld(
        label="Met welke ondernemingen vormt u samen één onderneming?",
        required=False,
        regels=3,
        max_length=5_000,
        help_text="Eén per regel: de naam en, als u het kent, het ondernemingsnummer. Met dat nummer tellen wij mee "
        "wat die onderneming via dit loket kreeg. Leeg als er geen zijn.",
    )
    op_eer = forms.BooleanField(label="Ik verklaar op eer dat dit juist en volledig is.", required=False)
    versie = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SteunForm(forms.Form):
    """One row of aid; an empty one is passed over."""

    verstrekker = TekstVeld(label="Wie gaf de steun?", max_length=200, required=False)
    datum = DatumVeld(label="Toegekend op", required=False)
    bedrag = BedragVeld(label="Bedrag", required=False, laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    verordening = forms.ChoiceField(label="Verordening", choices=[("", "kies"), *Verordening.choices], required=False)

    def clean(self) -> dict[str, Any]:
        """A row has all parts or none, and a day that has come."""
        waarden = self.cleaned_data
        if any(waarden.get(naam) for naam in ROMP):
            for naam, zin in ROMP.items():
                if not waarden.get(naam) and naam not in self.errors:
                    self.add_error(naam, zin)
        if waarden.get("datum") and waarden["datum"] > klok.vandaag():
            self.add_error("datum", "De datum ligt in de toekomst.")
        return waarden


SteunFormSet = forms.formset_factory(SteunForm, extra=3, max_num=60, absolute_max=60)


def steun_van(formset: Any) -> list[Steun]:
    """Return the filled rows of a valid formset."""
    return [
        Steun(rij["verstrekker"], rij["datum"], rij["bedrag"], rij["verordening"])
        for rij in formset.cleaned_data
        if rij.get("verstrekker")
    ]
