"""Forms for people and organisations."""

from typing import Any

from django import forms

from kern.formulieren import TekstVeld
from organisaties import rechtsvormen
from organisaties.models import Categorie, Gebruiker, Lidmaatschap


class Naamvelden(forms.Form):
    """First and last name at registration (allauth adds address and password)."""

    voornaam = TekstVeld(max_length=80)
    familienaam = TekstVeld(max_length=80)

    def signup(self, request: Any, user: Any) -> None:
        """Store the names (called by allauth)."""
        user.voornaam = self.cleaned_data["voornaam"]
        user.familienaam = self.cleaned_data["familienaam"]
        user.save(update_fields=["voornaam", "familienaam"])


class OrganisatieForm(forms.Form):
    """A new organisation."""

    kbo = TekstVeld(
        label="Ondernemingsnummer",
        required=False,
        max_length=20,
        help_text="Tien cijfers, bijvoorbeeld 0207.500.123. Laat leeg als uw organisatie er geen heeft.",
    )
    naam = TekstVeld(label="Naam van de organisatie", max_length=200)
    categorie = forms.ChoiceField(
        label="Soort organisatie", choices=[k for k in Categorie.choices if k[0] != Categorie.VERSTREKKER]
    )
    juridische_vorm = forms.ChoiceField(label="Rechtsvorm", choices=rechtsvormen.keuzes)
    gemeente = TekstVeld(label="Gemeente", max_length=80)


class TekenbevoegdeForm(forms.Form):
    """Who may sign for an organisation."""

    gebruiker = forms.EmailField(
        label="E-mailadres van de tekenbevoegde", help_text="De persoon moet zich eerst geregistreerd hebben."
    )

    def clean_gebruiker(self) -> Gebruiker:
        """Return the person with this address."""
        gebruiker = Gebruiker.objects.filter(email=self.cleaned_data["gebruiker"].lower(), is_active=True).first()
        if gebruiker is None:
            raise forms.ValidationError("Niemand heeft zich met dit e-mailadres geregistreerd. Vraag dat eerst.")
        return gebruiker


class LidForm(forms.Form):
    """A colleague who is added to an organisation."""

    email = forms.EmailField(label="E-mailadres van uw collega")
    rol = forms.ChoiceField(label="Wat mag uw collega?", choices=Lidmaatschap.Rol.choices)
