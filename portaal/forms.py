"""Forms of the pages that read across packages."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from dossiers.models import Dossier
from kern.formulieren import TekstVeld
from kern.inlezen.blad import Inleesblad
from oproepen.models import Luik, Taak
from organisaties.models import BewaardeFilter, Gebruiker


class BewaarFilterForm(forms.Form):
    """A name for what the list of dossiers shows."""

    naam = TekstVeld(
        label="Naam van de filter",
        max_length=BewaardeFilter._meta.get_field("naam").max_length,
        help_text="Bestaat de naam al, dan komt deze filter in de plaats.",
    )
    vraag = forms.CharField(required=False, widget=forms.HiddenInput)


class InleesForm(forms.Form):
    """A sheet that comes back, and of which kind."""

    soort = forms.ChoiceField(label="Wat leest u in?", widget=forms.RadioSelect)
    bestand = forms.FileField(
        label="Rekenblad",
        help_text="Een .xlsx of .csv van hoogstens 10 MB. Alleen het eerste tabblad telt.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, bladen: list[Inleesblad], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["soort"].choices = [(blad.naam, blad.titel) for blad in bladen]  # type: ignore[attr-defined]
        if len(bladen) == 1:
            self.fields["soort"].initial = bladen[0].naam


class _Dossierkeuze(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.nummer} {obj.titel} ({obj.organisatie.naam}), {obj.get_status_display().lower()}"


class ToewijzenForm(forms.Form):
    """Which juror gets a sheet, for which dossiers."""

    jurylid = forms.ModelChoiceField(Gebruiker.objects.none(), label="Jurylid", empty_label="Kies een jurylid")
    dossiers = _Dossierkeuze(Dossier.objects.none(), label="Dossiers", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, dossiers: QuerySet[Dossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        oproepen = Luik.objects.filter(rondes__dossiers__in=dossiers.order_by()).values("oproep_id")
        leden = Gebruiker.objects.filter(taken__oproep_id__in=oproepen, taken__rol=Taak.Rol.JURYLID).distinct()
        self.fields["jurylid"].queryset = leden.order_by("familienaam", "voornaam")  # type: ignore[attr-defined]
        self.fields["dossiers"].queryset = dossiers  # type: ignore[attr-defined]
