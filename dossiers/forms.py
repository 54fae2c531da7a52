"""Forms of the application and its reports."""

from typing import Any

from django import forms

from dossiers.models import Antwoord, Begrotingsregel, Dossier
from dossiers.volledig import antwoord_fout
from kern import klok
from kern.formulieren import BedragVeld, TekstVeld
from kern.geld import HOOGSTE_CENT
from kern.weigering import Weigering
from oproepen.models import Vraag
from organisaties import nummers
from organisaties.models import Gebruiker, Organisatie
from organisaties.queries import geldig_op
from organisaties.rechten import organisaties_van


class StartForm(forms.Form):
    """For which of her organisations somebody starts a dossier."""

    organisatie = forms.ModelChoiceField(
        Organisatie.objects.none(), label="Voor welke organisatie vraagt u aan?", empty_label=None
    )

    def __init__(self, *args: Any, gebruiker: Gebruiker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisatie"].queryset = geldig_op(  # type: ignore[attr-defined]
            organisaties_van(gebruiker), klok.vandaag()
        )


class VragenForm(forms.Form):
    """The questions of a dossier. A draft may be incomplete, so nothing here keeps it from being saved.

    Beside each answer stands the version it was read with (`versie_<sleutel>`).
    """

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vragen = list(dossier.formulierversie.vragen.all())
        antwoorden = {a.sleutel: a for a in Antwoord.objects.filter(dossier=dossier)}
        for vraag in self.vragen:
            antwoord = antwoorden.get(vraag.sleutel)
            self.fields[vraag.sleutel] = _veld(vraag, antwoord.waarde if antwoord else "")
            self.fields[f"versie_{vraag.sleutel}"] = forms.IntegerField(
                widget=forms.HiddenInput, min_value=0, initial=antwoord.versie if antwoord else 0
            )

    def waarschuw(self, sleutels: set[str]) -> None:
        """Put what is not complete or too long at these questions, after saving."""
        for vraag in self.vragen:
            waarde = self.cleaned_data.get(vraag.sleutel) or ""
            zin = antwoord_fout(vraag, waarde) if vraag.sleutel in sleutels and waarde else None
            if zin:
                self.add_error(vraag.sleutel, zin)


def _veld(vraag: Vraag, waarde: str) -> forms.Field:
    basis: dict[str, Any] = {"label": vraag.label, "help_text": vraag.hint, "required": False, "initial": waarde}
    match vraag.soort:
        case Vraag.Soort.LANG:
            attrs: dict[str, Any] = {"rows": 8}
            if vraag.max_woorden:
                attrs["data-max-woorden"] = vraag.max_woorden
            veld: forms.Field = TekstVeld(widget=forms.Textarea(attrs=attrs), **basis)
        case Vraag.Soort.KEUZE:
            veld = forms.ChoiceField(
                choices=[(keuze, keuze) for keuze in vraag.keuzes], widget=forms.RadioSelect, **basis
            )
        case Vraag.Soort.GETAL:
            veld = TekstVeld(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **basis)
        case _:
            veld = TekstVeld(**basis)
    # Required at submission, not in a draft: the template should not say "(niet verplicht)".
    veld.verplicht_bij_indienen = vraag.verplicht  # type: ignore[attr-defined]
    return veld


class GegevensForm(forms.Form):
    """Title, account and amount asked; the budget rows stand in `RegelForm`s beside it."""

    titel = TekstVeld(label="Titel van het project", max_length=200, required=False)
    iban = TekstVeld(
        label="Rekeningnummer (IBAN)",
        max_length=42,
        required=False,
        help_text="Op deze rekening betalen we de subsidie, bijvoorbeeld BE68 5390 0754 7034.",
    )
    gevraagd = BedragVeld(label="Welk bedrag vraagt u?", required=False)
    versie = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, maximum_cent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        veld = self.fields["gevraagd"]
        veld.hoogste_cent = maximum_cent  # type: ignore[attr-defined]

    def clean_iban(self) -> str:
        """Read the account; an empty one is allowed in a draft."""
        tekst = self.cleaned_data["iban"]
        if not tekst:
            return ""
        try:
            return nummers.lees_iban(tekst)
        except Weigering as fout:
            raise forms.ValidationError(fout.zin, code=fout.code) from None


class RegelForm(forms.Form):
    """One budget row; an empty one is passed over."""

    omschrijving = TekstVeld(label="Omschrijving", max_length=200, required=False)
    bedrag = BedragVeld(label="Bedrag", required=False, hoogste_cent=HOOGSTE_CENT)

    def clean(self) -> dict[str, Any]:
        """A row has both parts or none."""
        waarden = self.cleaned_data
        if waarden.get("omschrijving") and waarden.get("bedrag") is None and "bedrag" not in self.errors:
            self.add_error("bedrag", "Vul het bedrag van deze regel in.")
        if waarden.get("bedrag") is not None and not waarden.get("omschrijving") and "omschrijving" not in self.errors:
            self.add_error("omschrijving", "Schrijf waarvoor dit bedrag dient.")
        return waarden


RegelFormSet = forms.formset_factory(RegelForm, extra=3, max_num=60, absolute_max=60)


def regels_van(soort: str, formset: Any) -> list[tuple[str, str, int]]:
    """Return the filled rows of a valid formset as (soort, omschrijving, cents)."""
    return [
        (soort, rij["omschrijving"], rij["bedrag"])
        for rij in formset.cleaned_data
        if rij.get("omschrijving") and rij.get("bedrag") is not None
    ]


def begin_regels(dossier: Dossier, soort: str) -> list[dict[str, Any]]:
    """Return the initial values of a formset from the stored rows."""
    rijen = Begrotingsregel.objects.filter(dossier=dossier, soort=soort).order_by("volgorde")
    return [{"omschrijving": rij.omschrijving, "bedrag": rij.bedrag_cent} for rij in rijen]


class MotiveringForm(forms.Form):
    """An admissibility verdict."""

    oordeel = forms.ChoiceField(
        label="Uw oordeel",
        choices=[("ontvankelijk", "Ontvankelijk"), ("onontvankelijk", "Onontvankelijk")],
        widget=forms.RadioSelect,
    )
    motivering = TekstVeld(label="Motivering", regels=5, help_text="De aanvrager krijgt deze tekst te lezen.")


class VerslagForm(forms.Form):
    """A report."""

    tekst = TekstVeld(label="Wat deed het project, en wat heeft het bereikt?", regels=10)
    kosten = BedragVeld(label="Welke kosten maakte u tot nu toe?")
    bestand = forms.FileField(label="Bijlage", required=False, help_text="Bijvoorbeeld een overzicht van de kosten.")


class VerslagOordeelForm(forms.Form):
    """A verdict on a report."""

    oordeel = forms.ChoiceField(
        label="Uw oordeel",
        choices=[("goed", "Goedkeuren"), ("terug", "Terugsturen voor aanvulling")],
        widget=forms.RadioSelect,
    )
    beoordeling = TekstVeld(label="Toelichting", regels=4, required=False)
