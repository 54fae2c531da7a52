"""Forms about recoveries. Fields have the names that refusals of the acts point at."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from betalingen.forms import HOOGSTE_CENT
from betalingen.models import Betaling, Ontvangst, Terugvordering
from betalingen.services import HOOGSTE_TERMIJN, Interest, Verjaring
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld
from kern.geld import euro_tekst


class VoornemenForm(forms.Form):
    """Why and how much one wants to claim back."""

    bedrag = BedragVeld(label="Bedrag", laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    grond = forms.ChoiceField(label="Waarom", choices=Terugvordering.Grond.choices, widget=forms.RadioSelect)
    rechtsregel = forms.ChoiceField(
        label="Rechtsregel", choices=Terugvordering.Rechtsregel.choices, widget=forms.RadioSelect
    )
    bepaling = TekstVeld(
        label="Welke andere bepaling?",
        required=False,
        max_length=200,
        help_text="Bijvoorbeeld het artikel van de oproep of van het besluit. Leeg bij artikel 13.",
    )
    motivering = TekstVeld(label="Motivering", regels=6, help_text="Deze tekst komt in de brief aan de begunstigde.")
    hoortermijn = DatumVeld(label="Laatste dag om te reageren")


class ReactieForm(forms.Form):
    """What the beneficiary says to an intention."""

    reactie = TekstVeld(label="Uw reactie", regels=8, max_length=20_000)


class HoorForm(forms.Form):
    """What the beneficiary said otherwise than online, or nothing once the term has passed."""

    reactie = TekstVeld(
        label="Wat de begunstigde antwoordde",
        regels=6,
        required=False,
        max_length=20_000,
        help_text="Leeg als de termijn voorbij is en er geen reactie kwam.",
    )


class BeslisForm(forms.Form):
    """The decision."""

    bedrag = BedragVeld(label="Terug te vorderen bedrag", laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    motivering = TekstVeld(
        label="Motivering", regels=6, help_text="Deze tekst komt in de brief. Ga in op de reactie van de begunstigde."
    )
    nummer = TekstVeld(label="Nummer van de beslissing", max_length=60)
    datum = DatumVeld(label="Datum van de beslissing")
    termijn = forms.IntegerField(
        label="Dagen om te betalen", min_value=1, max_value=HOOGSTE_TERMIJN, help_text="Vanaf de kennisgeving."
    )
    verjaart_op = DatumVeld(label="Verjaart op")
    verjaring_reden = TekstVeld(label="Hoe vond u die datum?", max_length=500, regels=2)
    interest = forms.DecimalField(
        label="Interest, in procent per jaar",
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        localize=True,
        help_text="Leeg: geen interest.",
    )
    interest_vanaf = DatumVeld(
        label="Interest vanaf", required=False, help_text="Leeg: vanaf de vervaldag in de brief."
    )
    interest_reden = TekstVeld(label="Waar komt dat percentage vandaan?", required=False, max_length=500, regels=2)

    def voor_handeling(self) -> dict[str, Any]:
        """Return the arguments of the act."""
        wat = self.cleaned_data
        honderdsten = int((wat["interest"] or 0) * 100)
        return {
            "bedrag_cent": wat["bedrag"],
            "motivering": wat["motivering"],
            "nummer": wat["nummer"],
            "datum": wat["datum"],
            "termijn_dagen": wat["termijn"],
            "verjaring": Verjaring(wat["verjaart_op"], wat["verjaring_reden"]),
            "interest": Interest(honderdsten, wat["interest_vanaf"], wat["interest_reden"]),
        }


class AanmaanForm(forms.Form):
    """How long the beneficiary gets after a reminder."""

    termijn = forms.IntegerField(label="Dagen om te betalen", min_value=1, max_value=HOOGSTE_TERMIJN, initial=14)


class VerjaringForm(forms.Form):
    """Until when a claim can be enforced now that its term was interrupted."""

    verjaart_op = DatumVeld(label="Verjaart op")
    verjaring_reden = TekstVeld(
        label="Wat stuitte de verjaring?",
        max_length=500,
        regels=2,
        help_text="Bijvoorbeeld een dagvaarding, of een brief waarin de begunstigde de schuld erkent.",
    )

    def voor_handeling(self) -> dict[str, Any]:
        """Return the arguments of the act."""
        return {"verjaring": Verjaring(self.cleaned_data["verjaart_op"], self.cleaned_data["verjaring_reden"])}


class PlanForm(forms.Form):
    """A payment plan in equal months."""

    aantal = forms.IntegerField(label="Aantal maandelijkse delen", min_value=2, max_value=60)
    eerste = DatumVeld(label="Eerste deel uiterlijk op")
    reden = TekstVeld(label="Reden", regels=2, max_length=500)


class OntvangForm(forms.Form):
    """Money that came in."""

    datum = DatumVeld(label="Datum op het uittreksel")
    bedrag = BedragVeld(label="Ontvangen bedrag", laagste_cent=1, hoogste_cent=HOOGSTE_CENT)
    referentie = TekstVeld(label="Referentie van de bank", max_length=100)


class HerroepForm(forms.Form):
    """Which receipt was recorded by mistake, and why."""

    ontvangst = forms.ChoiceField(label="Ontvangst", widget=forms.RadioSelect)
    reden = TekstVeld(label="Waarom klopt deze ontvangst niet?", regels=2, max_length=500)

    def __init__(self, data: QueryDict | None, *, ontvangsten: Iterable[Ontvangst], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["ontvangst"].choices = [  # type: ignore[attr-defined]
            (o.pk, f"{o.datum:%d/%m/%Y}, {euro_tekst(o.bedrag_cent)}, {o.referentie}") for o in ontvangsten
        ]


class VerrekenForm(forms.Form):
    """Which payment is held back."""

    betaling = forms.ChoiceField(label="Betaling", widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, betalingen: Iterable[Betaling], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["betaling"].choices = [  # type: ignore[attr-defined]
            (b.pk, f"{b.dossier.nummer}, {b.schijf.naam}, {euro_tekst(b.bedrag_cent)}") for b in betalingen
        ]


class OnbaarForm(forms.Form):
    """Why money will not come any more, or is not asked."""

    reden = TekstVeld(label="Reden", regels=3, max_length=500)


class TerugvorderingFilter(forms.Form):
    """Filters of the list; one that cannot be read filters nothing."""

    status = forms.ChoiceField(label="Status", required=False)
    oproep = forms.ChoiceField(label="Oproep", required=False)
    jaar = forms.IntegerField(label="Jaar van het voornemen", required=False, min_value=2000, max_value=2100)
    dossier = TekstVeld(label="Dossiernummer", required=False, max_length=20)

    def waarde(self, naam: str) -> Any:
        """Return what was chosen, or None."""
        self.is_valid()
        return self.cleaned_data.get(naam) or None
