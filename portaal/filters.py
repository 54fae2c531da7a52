"""Filters of the lists: read from the address, so that a view can be bookmarked, shared and downloaded as shown."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import Truncator

from dossiers.models import Dossier, Verslag
from kern.formulieren import TekstVeld
from oproepen import aanbod
from oproepen.aanbod import Fase, Kaart
from oproepen.models import Luik, Speerpunt
from organisaties.models import Categorie
from portaal import kolommen

LEEG = ("", "alle")
PROVINCIES = [
    "Antwerpen",
    "Brussels Hoofdstedelijk Gewest",
    "Limburg",
    "Oost-Vlaanderen",
    "Vlaams-Brabant",
    "West-Vlaanderen",
]


class DossierFilter(forms.Form):
    """Filters of the list of dossiers."""

    zoek = TekstVeld(label="Zoek op nummer, titel of aanvrager", required=False, max_length=100)
    luik = forms.ChoiceField(label="Oproep en luik", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[LEEG, *Dossier.Status.choices])
    provincie = forms.ChoiceField(label="Provincie", required=False, choices=[LEEG, *((p, p) for p in PROVINCIES)])
    kolommen = forms.MultipleChoiceField(
        label="Kolommen",
        required=False,
        choices=kolommen.KEUZES,
        initial=kolommen.STANDAARD,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict, *, luiken: list[Luik]) -> None:
        self.kolomnamen = kolommen.gekozen(data.getlist("kolommen"))
        if data:  # what is ticked is what is shown, whatever the address says
            data = data.copy()
            data.setlist("kolommen", list[str | bytes](self.kolomnamen))
        super().__init__(data or None)
        keuzes = [LEEG, *((str(luik.pk), str(luik)) for luik in luiken)]
        self.fields["luik"].choices = keuzes  # type: ignore[attr-defined]

    @property
    def zoekvelden(self) -> list[forms.BoundField]:
        """Return the fields that filter."""
        return [veld for veld in self if veld.name != "kolommen"]

    def toepassen(self, qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
        """Return the dossiers that the filters leave; a filter that cannot be read filters nothing."""
        waarden = self._gelezen()
        if zoek := waarden.get("zoek"):
            qs = qs.filter(Q(nummer__icontains=zoek) | Q(titel__icontains=zoek) | Q(organisatie__naam__icontains=zoek))
        if luik := waarden.get("luik"):
            qs = qs.filter(ronde__luik_id=luik)
        if status := waarden.get("status"):
            qs = qs.filter(status=status)
        if provincie := waarden.get("provincie"):
            qs = qs.filter(organisatie__provincie=provincie)
        return qs

    def beschrijving(self) -> str:
        """Return in words what is filtered."""
        delen = []
        for naam, waarde in self._gelezen().items():
            if waarde and naam != "kolommen":
                keuzes: Any = getattr(self.fields[naam], "choices", [])
                delen.append(f"{self.fields[naam].label}: {dict(keuzes).get(waarde, waarde)}")
        return "; ".join(delen) or "alle"

    def _gelezen(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})


def schone_vraag(ruw: QueryDict) -> str:
    """Return the part of an address that says what the list of dossiers shows: filters, order and columns."""
    schoon = QueryDict(mutable=True)
    for naam in ("zoek", "luik", "status", "provincie", "sorteer", "kolommen"):
        for waarde in ruw.getlist(naam)[: len(kolommen.KEUZES)]:
            if waarde:
                schoon.appendlist(naam, waarde[:100])
    return schoon.urlencode()


class OproepFilter(forms.Form):
    """Filters of the public list of calls; one that cannot be read filters nothing."""

    zoek = TekstVeld(label="Zoek een oproep", required=False, max_length=100)
    fase = forms.ChoiceField(label="Wanneer", required=False, choices=[LEEG, *Fase.choices])
    wie = forms.ChoiceField(
        label="Wie vraagt aan?",
        required=False,
        choices=[LEEG, *((code, label) for code, label in Categorie.choices if code != Categorie.VERSTREKKER)],
    )
    thema = forms.ChoiceField(label="Thema", required=False)

    def __init__(self, data: QueryDict, *, themas: dict[str, Speerpunt]) -> None:
        super().__init__(data or None)
        self.themas = themas
        titels = {str(s.pk): Truncator(s.titel).chars(60) for s in themas.values()}
        if titels:
            self.fields["thema"].choices = [LEEG, *titels.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["thema"]

    def toepassen(self, kaarten: list[Kaart]) -> list[Kaart]:
        """Return the calls that the filters leave; every word that was typed stands in the text of the call."""
        self.is_valid()
        waarden: dict[str, str] = getattr(self, "cleaned_data", {})
        woorden = waarden.get("zoek", "").casefold().split()
        fase, wie, thema = waarden.get("fase"), waarden.get("wie"), waarden.get("thema")
        return [
            kaart
            for kaart in kaarten
            if all(woord in _tekst(kaart) for woord in woorden)
            and (not fase or kaart.fase == fase)
            and (not wie or aanbod.mag_aanvragen(kaart.oproep, wie))
            and (not thema or self._thema(kaart) == thema)
        ]

    def _thema(self, kaart: Kaart) -> str:
        thema = self.themas.get(kaart.oproep.slug)
        return str(thema.pk) if thema else ""


def _tekst(kaart: Kaart) -> str:
    oproep = kaart.oproep
    return f"{oproep.titel}\n{oproep.samenvatting}\n{oproep.voor_wie}".casefold()


VERSLAGSTATUS = [
    LEEG,
    ("te_laat", "Te laat"),
    ("verwacht", "Verwacht"),
    ("ingediend", "Na te kijken"),
    ("terug", "Teruggestuurd"),
    ("goedgekeurd", "Goedgekeurd"),
]
OPEN_VERSLAG = (Verslag.Status.VERWACHT, Verslag.Status.TERUG)
