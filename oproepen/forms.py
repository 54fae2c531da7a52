"""Forms about calls."""

from django import forms

from kern.formulieren import TekstVeld


class RedenForm(forms.Form):
    """Why something is sent back."""

    reden = TekstVeld(label="Reden", regels=3)
