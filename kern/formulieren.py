"""Form fields and small helpers for pages: typed values in, refusals back at the field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kern import geld
from kern.canoniek import tekst_fout
from kern.weigering import GeenRecht, Weigering


class BedragVeld(forms.CharField):
    """An amount in euro; its clean value is whole cents (int), or None when empty and not required."""

    def __init__(self, *, laagste_cent: int | None = 0, hoogste_cent: int | None = None, **kwargs: Any) -> None:
        self.laagste_cent = laagste_cent
        self.hoogste_cent = hoogste_cent
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "data-soort": "bedrag", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the cents; ValidationError with the sentence when unreadable or out of bounds."""
        tekst = super().clean(value)
        if not tekst:
            return None
        try:
            cent = geld.lees_bedrag(tekst)
        except Weigering as fout:
            raise ValidationError(fout.zin, code=fout.code) from None
        if self.laagste_cent is not None and cent < self.laagste_cent:
            zin = f"Het bedrag moet minstens {geld.euro_tekst(self.laagste_cent)} zijn."
            if self.laagste_cent == 0:
                zin = "Het bedrag mag niet negatief zijn."
            raise ValidationError(zin, code="bedrag_te_laag")
        if self.hoogste_cent is not None and cent > self.hoogste_cent:
            zin = f"Het bedrag mag hoogstens {geld.euro_tekst(self.hoogste_cent)} zijn."
            raise ValidationError(zin, code="bedrag_te_hoog")
        return cent

    def prepare_value(self, value: Any) -> Any:
        """Show cents in Flemish notation; what was typed stays as typed."""
        return geld.getal_tekst(value) if isinstance(value, int) else value


class DatumVeld(forms.DateField):
    """A day, picked in the browser's own calendar: such a field reads and shows 2022-02-01 only."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class TekstVeld(forms.CharField):
    """Text that can be recorded (no NUL, no lone surrogate), of one or more lines."""

    def __init__(self, *, regels: int = 1, **kwargs: Any) -> None:
        if regels > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": regels}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Refuse unrecordable characters with a sentence; normalise line ends."""
        tekst = super().to_python(value) or ""
        fout = tekst_fout(tekst)
        if fout:
            raise ValidationError(fout, code="tekst_onbewaarbaar")
        return tekst.replace("\r\n", "\n")


def rijfouten(titel: str, rijen: Any) -> list[dict[str, str]]:
    """Return the errors of a formset for the error summary, each with its row and the field it leads to."""
    fouten = [{"tekst": f"{titel}: {zin}", "doel": ""} for zin in rijen.non_form_errors()]
    for nummer, rij in enumerate(rijen.forms, 1):
        for naam, lijst in rij.errors.items():
            doel = rij[naam].id_for_label if naam in rij.fields else ""
            fouten += [{"tekst": f"{titel}, regel {nummer}: {zin}", "doel": doel} for zin in lijst]
    return fouten


def probeer(form: forms.Form, daad: Callable[[], Any]) -> Any | None:
    """Run an act; put its refusal at the field or form concerned and return None when it is refused.

    GeenRecht passes on: no field can mend it, and the middleware makes it a page with status 403.
    """
    try:
        return daad()
    except GeenRecht:
        raise
    except Weigering as fout:
        form.add_error(fout.veld if fout.veld in form.fields else None, ValidationError(fout.zin, code=fout.code))
        return None


def doe_en_keer_terug(request: HttpRequest, daad: Callable[[], Any], gelukt: str, terug: str) -> HttpResponse:
    """Run an act behind a button, tell the result at the top of page `terug` (an address) and go there.

    GeenRecht passes on, as in `probeer`.
    """
    try:
        daad()
    except GeenRecht:
        raise
    except Weigering as fout:
        messages.error(request, fout.zin)
    else:
        messages.success(request, gelukt)
    return redirect(terug)
