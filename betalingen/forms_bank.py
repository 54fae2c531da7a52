"""Forms about payment orders and the accounts that are paid from."""

from typing import Any

from django import forms

from betalingen.bank import pain
from betalingen.models import Afschriftregel, Betaalbestand
from kern.formulieren import DatumVeld, TekstVeld
from kern.geld import euro_tekst
from oproepen.models import Oproep

VERSIES = {
    "09": "pain.001.001.09 (gewoon)",
    "03": "pain.001.001.03 (voor een bank die de nieuwe nog niet leest)",
    "xlsx": "Rekenblad (.xlsx), om in een ander systeem te betalen",
    "csv": "Rekenblad (.csv), om in een ander systeem te betalen",
}


class BestandForm(forms.Form):
    """Which payment file to make; with the reason, when it was made before."""

    versie = forms.ChoiceField(label="Soort bestand")
    opnieuw = TekstVeld(
        label="Waarom maakt u het opnieuw?",
        help_text="Bijvoorbeeld: de bank heeft het eerste bestand nooit ontvangen.",
        required=False,  # the act refuses, with who made it when
        max_length=500,
        regels=2,
    )

    def __init__(self, *args: Any, al_gemaakt: bool, extern: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soorten = Betaalbestand.BLADEN if extern else (*pain.VERSIES, *Betaalbestand.BLADEN)
        self.fields["versie"].choices = [(soort, VERSIES[soort]) for soort in soorten]  # type: ignore[attr-defined]
        if not al_gemaakt:
            del self.fields["opnieuw"]


class RekeningForm(forms.Form):
    """The account that a granter pays from."""

    verstrekker = forms.ChoiceField(label="Verstrekker", help_text="Zoals in de oproep.")
    naam = TekstVeld(label="Naam voor de bank", max_length=pain.NAAM_TEKENS)
    iban = TekstVeld(label="Rekeningnummer", max_length=42, help_text="Bijvoorbeeld BE68 5390 0754 7034.")
    bic = TekstVeld(label="BIC", max_length=14, required=False)
    kbo = TekstVeld(label="Ondernemingsnummer", max_length=20, required=False)
    straat = TekstVeld(label="Straat", max_length=70, required=False)
    huisnummer = TekstVeld(label="Huisnummer", max_length=16, required=False)
    postcode = TekstVeld(label="Postcode", max_length=16, required=False)
    gemeente = TekstVeld(label="Gemeente", max_length=35, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        namen = Oproep.objects.order_by("verstrekker").values_list("verstrekker", flat=True).distinct()
        self.fields["verstrekker"].choices = [(naam, naam) for naam in namen]  # type: ignore[attr-defined]

    def opdrachtgever(self) -> pain.Opdrachtgever:
        """Return the payer that was filled in."""
        wat = self.cleaned_data
        adres = pain.Adres(
            wat["gemeente"], postcode=wat["postcode"], straat=wat["straat"], huisnummer=wat["huisnummer"]
        )
        return pain.Opdrachtgever(wat["naam"], wat["iban"], wat["bic"], wat["kbo"], adres)


class GeweigerdForm(forms.Form):
    """That the bank refused a payment, or sent it back."""

    datum = DatumVeld(label="Datum op het uittreksel")
    reden = TekstVeld(label="Reden van de bank", max_length=500)


class AndereRekeningForm(forms.Form):
    """The account that an award is paid to from now on."""

    iban = TekstVeld(label="Nieuw rekeningnummer", max_length=42, help_text="Bijvoorbeeld BE68 5390 0754 7034.")
    reden = TekstVeld(label="Waarom, en wie het vroeg", max_length=500, regels=2)


class AfschriftForm(forms.Form):
    """A file of the bank."""

    bestand = forms.FileField(
        label="Afschrift van de bank",
        help_text="Een camt.053-bestand (xml) van hoogstens 20 MB.",
        allow_empty_file=True,
    )


class BevestigForm(forms.Form):
    """Which payment or recovery a proposal is; nothing to choose when there is one, or when all of them go together."""

    betaling = forms.ChoiceField(
        label="Welke betaling is dit?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een van de betalingen.", "invalid_choice": "Kies een van de betalingen."},
    )

    def __init__(self, data: Any = None, *, uitkomst: Afschriftregel) -> None:
        super().__init__(data, prefix=f"ja{uitkomst.pk}")
        self.uitkomst = uitkomst
        terug = list(uitkomst.terugvorderingen.all())
        self.wat = "terugvorderingen" if terug else "betalingen"
        kandidaten = list(uitkomst.betalingen.all())
        self.alle = [rij.pk for rij in terug or kandidaten]
        keuzes = [(b.pk, f"{b.dossier.nummer}, {b.schijf.naam}, {euro_tekst(b.bedrag_cent)}") for b in kandidaten]
        keuzes = [(t.pk, f"{t.dossier.nummer}, {t.nummer}") for t in terug] or keuzes
        veld = self.fields["betaling"]
        veld.choices = keuzes  # type: ignore[attr-defined]
        if terug:
            zin = "Kies een van de terugvorderingen."
            veld.label, veld.error_messages = "Welke terugvordering is dit?", {"required": zin, "invalid_choice": zin}
        if uitkomst.alle or len(self.alle) == 1:
            del self.fields["betaling"]

    def gekozen(self) -> dict[str, list[int]]:
        """Return the keys of the payments or recoveries that a yes is about, under the name that the act gives them."""
        return {self.wat: [int(self.cleaned_data["betaling"])] if "betaling" in self.fields else self.alle}


class HerroepRegelForm(forms.Form):
    """Why what a line was booked as was a mistake."""

    reden = TekstVeld(label="Waarom hoort deze regel hier niet bij?", max_length=500, regels=2)

    def __init__(self, data: Any = None, *, uitkomst: Afschriftregel) -> None:
        super().__init__(data, prefix=f"terug{uitkomst.pk}")
        self.uitkomst = uitkomst


class AfsluitForm(forms.Form):
    """What was done with a line that is not ours, or that was not found."""

    reden = TekstVeld(label="Wat is het dan?", max_length=500, help_text="Bijvoorbeeld: kosten van de bank.")

    def __init__(self, data: Any = None, *, uitkomst: Afschriftregel) -> None:
        super().__init__(data, prefix=f"nee{uitkomst.pk}")
        self.uitkomst = uitkomst
