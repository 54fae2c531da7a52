"""Forms about the money."""

from django import forms


class UitbetaaldForm(forms.Form):
    """The day on which a payment left the bank."""

    datum = forms.DateField(label="Datum", widget=forms.DateInput(attrs={"type": "date"}))
