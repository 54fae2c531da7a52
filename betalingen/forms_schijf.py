"""Forms about what comes before an instalment. Fields have the names that refusals of the acts point at."""

from django import forms

from kern.formulieren import DatumVeld, TekstVeld


class AanvraagForm(forms.Form):
    """What the beneficiary hands in; the amount is that of the page, so that a change since then is seen."""

    bedrag_cent = forms.IntegerField(widget=forms.HiddenInput)
    bestand = forms.FileField(
        label="Ondertekende schuldvordering (pdf)",
        error_messages={"required": "Voeg de ondertekende schuldvordering toe."},
    )
    toelichting = TekstVeld(label="Toelichting", required=False, regels=3, max_length=2000)

    def __init__(self, *args: object, schuldvordering: bool, **kwargs: object) -> None:
        """Leave the document out where the call asks for none."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not schuldvordering:
            del self.fields["bestand"]


class VoorwaardeForm(forms.Form):
    """How a condition is met."""

    motivering = TekstVeld(label="Hoe is eraan voldaan?", regels=3, max_length=2000)


class TermijnForm(forms.Form):
    """A longer term, the last day counted in."""

    tot = DatumVeld(label="Nieuwe laatste dag")
    reden = TekstVeld(label="Reden", regels=2, max_length=1000)


class TerugForm(forms.Form):
    """Why what was handed in goes back."""

    reden = TekstVeld(label="Wat moet er veranderen?", regels=3, max_length=2000)


class KnopForm(forms.Form):
    """A button with nothing to fill in, at which a refusal stands."""


class SaldoForm(forms.Form):
    """The balance that was shown."""

    saldo_cent = forms.IntegerField(widget=forms.HiddenInput)
