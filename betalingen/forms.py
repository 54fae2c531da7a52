"""Forms about the money. Fields have the names that refusals of the acts point at."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from betalingen.models import Krediet
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld
from oproepen.models import Luik, Ronde

HOOGSTE_CENT = 100_000_000_000_00


class UitbetaaldForm(forms.Form):
    """The day on which a payment left the bank."""

    datum = DatumVeld(label="Datum")


class KredietForm(forms.Form):
    """What may be committed and charged on an article in a year."""

    limiet = BedragVeld(label="Vastleggingskrediet (VAK)", hoogste_cent=HOOGSTE_CENT)
    betaalkrediet = BedragVeld(label="Betaalkrediet (VEK)", hoogste_cent=HOOGSTE_CENT)
    referentie = TekstVeld(label="Kenmerk van de begroting of de beslissing", required=False, max_length=200)

    def __init__(self, data: QueryDict | None, *, wijzigt: bool = False, **opties: Any) -> None:
        super().__init__(data, **opties)
        # What is set already changes by a decision; the act asks its reference too.
        self.fields["referentie"].required = wijzigt


class NieuwKredietForm(KredietForm):
    """A credit that was not there yet."""

    artikel = forms.ChoiceField(label="Begrotingsartikel")
    jaar = forms.IntegerField(label="Begrotingsjaar", min_value=2000, max_value=2100)
    aard = forms.ChoiceField(label="Soort", choices=[(k, str(naam).capitalize()) for k, naam in Krediet.Aard.choices])
    field_order = ("artikel", "jaar", "aard", "limiet", "betaalkrediet", "referentie")

    def __init__(self, data: QueryDict | None, *, artikelen: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["artikel"].choices = [(code, code) for code in artikelen]  # type: ignore[attr-defined]


class HerverdeelForm(forms.Form):
    """Credit that goes to another article, by an outside decision."""

    naar = forms.ChoiceField(label="Naar artikel")
    vak = BedragVeld(label="Vastleggingskrediet (VAK)", hoogste_cent=HOOGSTE_CENT, initial=0)
    vek = BedragVeld(label="Betaalkrediet (VEK)", hoogste_cent=HOOGSTE_CENT, initial=0)
    referentie = TekstVeld(label="Kenmerk van de beslissing", max_length=200)

    def __init__(self, data: QueryDict | None, *, kredieten: Iterable[Krediet]) -> None:
        super().__init__(data, auto_id="id_herverdeel_%s")
        self.rijen = {str(krediet.pk): krediet for krediet in kredieten}
        keuzes = [(pk, str(krediet.artikel)) for pk, krediet in self.rijen.items()]
        self.fields["naar"].choices = keuzes  # type: ignore[attr-defined]

    @property
    def doel(self) -> Krediet:
        """Return the credit that was chosen."""
        return self.rijen[self.cleaned_data["naar"]]


class BudgetForm(forms.Form):
    """The budget of a call and of its tracks; an empty field means that nothing can be spent."""

    limiet = BedragVeld(label="Budget van de oproep", required=False, hoogste_cent=HOOGSTE_CENT)

    def __init__(self, data: QueryDict | None, *, luiken: Iterable[Luik], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, auto_id="id_budget_%s")
        self.luiken = list(luiken)
        for luik in self.luiken:
            self.fields[f"luik_{luik.slug}"] = BedragVeld(
                label=f"Budget van het luik {luik.naam}", required=False, hoogste_cent=HOOGSTE_CENT
            )

    @property
    def per_luik(self) -> dict[str, int | None]:
        """Return the cents by slug."""
        return {luik.slug: self.cleaned_data[f"luik_{luik.slug}"] for luik in self.luiken}


class VerschuifForm(forms.Form):
    """Budget that goes from a round to another."""

    van = forms.ChoiceField(label="Van ronde")
    naar = forms.ChoiceField(label="Naar ronde")
    bedrag = BedragVeld(label="Bedrag", laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    reden = TekstVeld(label="Reden", regels=3)

    def __init__(self, data: QueryDict | None, *, rondes: Iterable[Ronde]) -> None:
        super().__init__(data, auto_id="id_verschuif_%s")
        self.rondes = {str(ronde.pk): ronde for ronde in rondes}
        for naam in ("van", "naar"):
            self.fields[naam].choices = [(pk, str(r)) for pk, r in self.rondes.items()]  # type: ignore[attr-defined]


class AnnuleerForm(forms.Form):
    """A part of a commitment that is not needed any more."""

    bedrag = BedragVeld(label="Bedrag", laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    reden = TekstVeld(label="Reden", regels=3)


class EindeForm(forms.Form):
    """Why a project ends."""

    reden = TekstVeld(label="Reden", regels=3)


class GrootboekFilter(forms.Form):
    """Filters of the journal; one that cannot be read filters nothing."""

    oproep = forms.ChoiceField(label="Oproep", required=False)
    jaar = forms.IntegerField(label="Begrotingsjaar", required=False, min_value=2000, max_value=2100)
    soort = forms.ChoiceField(label="Soort", required=False)
    bedrag = forms.ChoiceField(label="Bedrag", required=False)
    artikel = TekstVeld(label="Artikel", required=False, max_length=40)
    dossier = TekstVeld(label="Dossiernummer", required=False, max_length=20)
    luik = TekstVeld(label="Luik", required=False, max_length=50)
    van = DatumVeld(label="Datum vanaf", required=False)
    tot = DatumVeld(label="Datum tot en met", required=False)
    op = DatumVeld(label="Zoals bekend op", required=False)

    def waarde(self, naam: str) -> Any:
        """Return what was chosen, or None."""
        self.is_valid()
        return self.cleaned_data.get(naam) or None


class BetalingFilter(forms.Form):
    """Filters of the list of payments, beside its states; one that cannot be read filters nothing."""

    oproep = forms.ChoiceField(label="Oproep", required=False)
    zoek = TekstVeld(label="Zoek op dossiernummer, titel of aanvrager", required=False, max_length=100)

    def waarde(self, naam: str) -> Any:
        """Return what was chosen, or None."""
        self.is_valid()
        return self.cleaned_data.get(naam) or None


class VooruitblikFilter(forms.Form):
    """Of which call; one that is not there is all of them."""

    oproep = forms.ChoiceField(label="Oproep", required=False)

    def waarde(self, naam: str) -> Any:
        """Return what was chosen, or None."""
        self.is_valid()
        return self.cleaned_data.get(naam) or None


def zin_dag(ruw: str, vandaag: date) -> str:
    """Return why the day of an address is not the one that is shown; '' when it is."""
    if not ruw or ruw == vandaag.isoformat() or dag_van(ruw, vandaag):
        return ""
    return "Deze dag kan niet. Kies een dag tot en met vandaag; u ziet nu de stand van vandaag."


def dag_van(ruw: str, vandaag: date) -> date | None:
    """Return the day of an address (2022-12-31), or None when it cannot be read or has not come yet."""
    try:
        dag = date.fromisoformat(ruw)
    except ValueError:
        return None
    return dag if dag < vandaag else None
