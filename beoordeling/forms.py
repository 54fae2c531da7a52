"""Forms of judging and deciding."""

from typing import Any

from django import forms

from beoordeling.models import Scoreblad
from kern.formulieren import DatumVeld, TekstVeld
from oproepen.models import Luik, Taak
from organisaties.models import Gebruiker


class ToewijzenForm(forms.Form):
    """Which juror gets a sheet."""

    jurylid = forms.ModelChoiceField(Gebruiker.objects.none(), label="Jurylid", empty_label="Kies een jurylid")

    def __init__(self, *args: Any, luik: Luik, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leden = Gebruiker.objects.filter(taken__oproep_id=luik.oproep_id, taken__rol=Taak.Rol.JURYLID).distinct()
        self.fields["jurylid"].queryset = leden.order_by("familienaam", "voornaam")  # type: ignore[attr-defined]


class ScorebladForm(forms.Form):
    """Points and motivation per criterion; a half-filled sheet can be saved."""

    def __init__(self, *args: Any, blad: Scoreblad, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(blad.dossier.ronde.luik.oproep.criteria.all())
        scores = {score.criterium_id: score for score in blad.scores.all()}
        for criterium in self.criteria:
            score = scores.get(criterium.pk)
            self.fields[f"punten_{criterium.pk}"] = forms.IntegerField(
                label=f"Punten (0 tot {criterium.max_punten})",
                min_value=0,
                max_value=criterium.max_punten,
                required=False,
                initial=score.punten if score else None,
                error_messages={
                    "invalid": f"Geef een geheel aantal punten van 0 tot {criterium.max_punten}.",
                    "min_value": f"Geef een geheel aantal punten van 0 tot {criterium.max_punten}.",
                    "max_value": f"Geef een geheel aantal punten van 0 tot {criterium.max_punten}.",
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
            )
            self.fields[f"motivering_{criterium.pk}"] = TekstVeld(
                label="Motivering", regels=3, required=False, initial=score.motivering if score else ""
            )

    def blokken(self) -> list[dict[str, Any]]:
        """Return the criteria with their two fields, for the page."""
        return [
            {"criterium": c, "punten": self[f"punten_{c.pk}"], "motivering": self[f"motivering_{c.pk}"]}
            for c in self.criteria
        ]

    def scores(self) -> dict[int, tuple[int | None, str]]:
        """Return the valid values by criterion key."""
        waarden = self.cleaned_data
        return {c.pk: (waarden[f"punten_{c.pk}"], waarden[f"motivering_{c.pk}"]) for c in self.criteria}


class AdviesForm(forms.Form):
    """The jury's advice."""

    gunstig = forms.TypedChoiceField(
        label="Advies",
        choices=[("ja", "Gunstig"), ("nee", "Ongunstig")],
        coerce=lambda waarde: waarde == "ja",
        widget=forms.RadioSelect,
    )
    motivering = TekstVeld(label="Motivering", regels=5, help_text="Deze tekst komt in de brief aan de aanvrager.")


class OndertekeningForm(forms.Form):
    """The signed decision as it is registered."""

    nummer = TekstVeld(label="Nummer van het besluit", max_length=60)
    datum = DatumVeld(label="Datum van ondertekening")
    bestand = forms.FileField(label="Het ondertekende besluit", help_text="Een pdf-bestand.")
