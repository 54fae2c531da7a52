"""Forms of cost claims."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.opmaak import MAX_INKOMSTEN
from dossiers.kosten.regels import LENGTES, Regelgegevens
from dossiers.kosten.services import Besluit
from dossiers.models import Begrotingsregel, Dossier
from kern.formulieren import BedragVeld, DatumVeld, TekstVeld
from kern.geld import HOOGSTE_CENT, getal_tekst
from oproepen.models import Kostencategorie, Kostenregeling

Oordeel = Kostenregel.Oordeel


class PeriodeForm(forms.Form):
    """Which days a claim is about."""

    van = DatumVeld(label="Kosten van")
    tot = DatumVeld(label="Tot en met")


class KopForm(PeriodeForm):
    """Period of a claim, with the version it was read with."""

    versie = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class InkomstForm(forms.Form):
    """One other income; an empty one is passed over."""

    omschrijving = TekstVeld(label="Van wie, en waarvoor?", max_length=200, required=False)
    bedrag = BedragVeld(label="Bedrag", required=False, hoogste_cent=HOOGSTE_CENT)

    def clean(self) -> dict[str, Any]:
        """An income has both parts or none."""
        waarden = self.cleaned_data
        if waarden.get("omschrijving") and not waarden.get("bedrag") and "bedrag" not in self.errors:
            self.add_error("bedrag", "Vul het bedrag van deze inkomst in.")
        if waarden.get("bedrag") and not waarden.get("omschrijving") and "omschrijving" not in self.errors:
            self.add_error("omschrijving", "Schrijf waar deze inkomst vandaan komt.")
        return waarden


InkomstFormSet = forms.formset_factory(InkomstForm, extra=2, max_num=MAX_INKOMSTEN, absolute_max=MAX_INKOMSTEN)


def inkomsten_van(formset: Any) -> list[tuple[str, int]]:
    """Return the filled rows of a valid formset as (text, cents)."""
    return [(rij["omschrijving"], rij["bedrag"]) for rij in formset.cleaned_data if rij.get("omschrijving")]


class RegelForm(forms.Form):
    """One expense."""

    categorie = forms.ModelChoiceField(Kostencategorie.objects.none(), label="Kostensoort", empty_label="Kies")
    omschrijving = TekstVeld(label="Waarvoor diende het?", max_length=LENGTES["omschrijving"])
    bedrag = BedragVeld(label="Bedrag", hoogste_cent=HOOGSTE_CENT)
    leverancier = TekstVeld(
        label="Leverancier", max_length=LENGTES["leverancier"], required=False, help_text="Leeg bij eigen personeel."
    )
    leverancier_kbo = TekstVeld(label="Ondernemingsnummer van de leverancier", max_length=20, required=False)
    factuurnummer = TekstVeld(label="Factuurnummer", max_length=LENGTES["factuurnummer"], required=False)
    factuurdatum = DatumVeld(label="Datum van de factuur", help_text="Of van het loonbriefje of de kasbon.")
    betaaldatum = DatumVeld(label="Betaald op")
    bestand = forms.FileField(label="Bewijsstuk", required=False)
    versie = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, regeling: Kostenregeling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soorten = Kostencategorie.objects.filter(regeling=regeling)
        self.fields["categorie"].queryset = soorten  # type: ignore[attr-defined]
        if regeling.bewijs == Kostenregeling.Bewijs.STEEKPROEF:
            zin = "De factuur of het loonbriefje. We vragen het zeker voor de regels van de steekproef."
            self.fields["bestand"].help_text = zin

    def clean_bedrag(self) -> int:
        """Refuse nothing as an amount."""
        cent: int = self.cleaned_data["bedrag"]
        if not cent:
            raise ValidationError("Het bedrag moet meer dan nul zijn.", code="bedrag_te_laag")
        return cent

    def gegevens(self) -> Regelgegevens:
        """Return what was filled in."""
        w = self.cleaned_data
        velden = ("categorie", "omschrijving", "leverancier", "leverancier_kbo", "factuurnummer")
        return Regelgegevens(
            **{naam: w[naam] for naam in velden},
            factuurdatum=w["factuurdatum"],
            betaaldatum=w["betaaldatum"],
            bedrag_cent=w["bedrag"],
        )


class BewijsForm(forms.Form):
    """The evidence of a line that was handed in without."""

    bestand = forms.FileField(label="Bewijsstuk", help_text="De factuur, het loonbriefje of de kasbon.")


class BladForm(forms.Form):
    """A sheet with costs."""

    bestand = forms.FileField(
        label="Rekenblad met uw kosten",
        help_text="Het ingevulde sjabloon, als .xlsx of .csv van hoogstens 10 MB. Alleen het eerste tabblad telt.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
    )


class VerdelingForm(forms.Form):
    """Which kind of costs each row of the budget belongs to."""

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soorten = list(Kostencategorie.objects.filter(regeling__luik__rondes=dossier.ronde_id))
        rijen = Begrotingsregel.objects.filter(dossier=dossier, soort=Begrotingsregel.Soort.KOST)
        for rij in rijen.select_related("koppeling"):
            koppeling = getattr(rij, "koppeling", None)
            self.fields[f"regel_{rij.pk}"] = forms.TypedChoiceField(
                label=f"{rij.omschrijving}, € {getal_tekst(rij.bedrag_cent)}",
                choices=[("", "Kies"), *((soort.pk, soort.naam) for soort in soorten)],
                coerce=int,
                initial=koppeling.categorie_id if koppeling else None,
            )

    def verdeling(self) -> dict[int, int]:
        """Return key of the budget row -> key of the kind of costs."""
        return {int(naam.removeprefix("regel_")): soort for naam, soort in self.cleaned_data.items()}


class OpmerkingForm(forms.Form):
    """What the handler writes when she sends a claim back, or finishes it."""

    opmerking = TekstVeld(label="Opmerking voor de aanvrager", regels=3, required=False, max_length=4000)


class OordeelForm(forms.Form):
    """A verdict on the lines that are ticked."""

    oordeel = forms.ChoiceField(
        label="Uw oordeel",
        choices=[
            (Oordeel.AANVAARD, "Helemaal aanvaarden"),
            (Oordeel.GEDEELTELIJK, "Voor een deel aanvaarden"),
            (Oordeel.VERWORPEN, "Verwerpen"),
        ],
        widget=forms.RadioSelect,
    )
    bedrag = BedragVeld(
        label="Aanvaard bedrag", required=False, help_text="Alleen bij een deel, en voor één regel tegelijk."
    )
    reden = TekstVeld(
        label="Reden", regels=2, required=False, max_length=2000, help_text="Wanneer u niet alles aanvaardt."
    )

    def __init__(self, data: Any = None, *, staat: Kostenstaat) -> None:
        super().__init__(data)
        self.staat = staat
        self.gekozen = {int(n) for n in (data.getlist("regels") if data else []) if n.isdecimal() and len(n) < 6}  # noqa: PLR2004

    def clean(self) -> dict[str, Any]:
        """A part is about one line."""
        w = self.cleaned_data
        if w.get("oordeel") == Oordeel.GEDEELTELIJK:
            if len(self.gekozen) > 1:
                self.add_error("oordeel", "Kies één regel om er een deel van te aanvaarden.")
            if w.get("bedrag") is None and "bedrag" not in self.errors:
                self.add_error("bedrag", "Vul in welk bedrag u aanvaardt.")
        return w

    def besluiten(self) -> dict[int, Besluit]:
        """Return the verdict per line number; a number that is not there is left to the act to refuse."""
        w = self.cleaned_data
        bedragen = dict(self.staat.regels.filter(volgnummer__in=self.gekozen).values_list("volgnummer", "bedrag_cent"))
        cent = {
            Oordeel.AANVAARD: lambda nummer: bedragen.get(nummer, 0),
            Oordeel.GEDEELTELIJK: lambda _: w["bedrag"],
            Oordeel.VERWORPEN: lambda _: 0,
        }[w["oordeel"]]
        reden = "" if w["oordeel"] == Oordeel.AANVAARD else w["reden"]
        return {nummer: Besluit(cent(nummer), reden) for nummer in self.gekozen}
