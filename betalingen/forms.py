"""Forms about the money."""

from django import forms

from kern.formulieren import DatumVeld


class UitbetaaldForm(forms.Form):
    """The day on which a payment left the bank."""

    datum = DatumVeld(label="Datum")
