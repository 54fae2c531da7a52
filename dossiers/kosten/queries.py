"""What one may ask about cost claims."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.vergelijking import Soort, Vergelijking, vergelijk
from dossiers.models import Begrotingsregel, Dossier
from oproepen.models import Kostencategorie, Kostenregeling

Oordeel = Kostenregel.Oordeel


def met_totalen(qs: QuerySet[Kostenstaat]) -> QuerySet[Kostenstaat]:
    """Add figures to claims: lines, claimed and accepted cents, judged; and how far the sample is."""
    steekproef = Q(regels__in_steekproef=True)
    return qs.annotate(
        aantal=Count("regels"),
        gevraagd_cent=Coalesce(Sum("regels__bedrag_cent"), 0),
        aanvaard_cent=Coalesce(Sum("regels__aanvaard_cent"), 0),
        beoordeeld=Count("regels", filter=~Q(regels__oordeel=Oordeel.OPEN)),
        getrokken=Count("regels", filter=steekproef),
        te_doen=Count("regels", filter=steekproef & Q(regels__oordeel=Oordeel.OPEN)),
        zonder_bewijs=Count("regels", filter=steekproef & Q(regels__oordeel=Oordeel.OPEN, regels__bestand=None)),
    )


def laatste_inhoud(staat: Kostenstaat) -> dict[str, Any]:
    """Return what a claim says, in canonical types: what its fingerprint is made of. The evidence is not in it."""
    velden = ("omschrijving", "leverancier", "leverancier_kbo", "factuurnummer", "bedrag_cent", "volgnummer")
    regels = [
        {naam: getattr(rij, naam) for naam in velden}
        | {
            "categorie": rij.categorie.sleutel,
            "factuurdatum": rij.factuurdatum.isoformat(),
            "betaaldatum": rij.betaaldatum.isoformat(),
        }
        for rij in staat.regels.select_related("categorie")
    ]
    return {
        "dossier": staat.dossier_id,
        "volgnummer": staat.volgnummer,
        "van": staat.van.isoformat(),
        "tot": staat.tot.isoformat(),
        "regels": regels,
        "inkomsten": [{"omschrijving": i.omschrijving, "bedrag_cent": i.bedrag_cent} for i in staat.inkomsten.all()],
    }


def vergelijking_van(dossier: Dossier, *, met: Kostenstaat | None = None) -> list[Vergelijking]:
    """Return budget, claimed and accepted per kind of costs, over the claims that were handed in and `met`.

    Where nobody judged yet, a line counts as it was claimed: so the handler sees what accepting would come to. Three
    queries.
    """
    soorten = [
        Soort(rij.sleutel, rij.naam, rij.marge_procent, rij.aandeel_procent)
        for rij in Kostencategorie.objects.filter(regeling__luik__rondes=dossier.ronde_id)
    ]
    begroot = (
        Begrotingsregel.objects.filter(dossier=dossier, soort=Begrotingsregel.Soort.KOST)
        .exclude(koppeling=None)
        .order_by()
        .values_list("koppeling__categorie__sleutel")
        .annotate(cent=Sum("bedrag_cent"))
    )
    tellend = Q(kostenstaat__status__in=[Kostenstaat.Status.INGEDIEND, Kostenstaat.Status.NAGEKEKEN])
    if met is not None:
        tellend |= Q(kostenstaat=met)
    stand = Case(When(oordeel=Oordeel.OPEN, then=F("bedrag_cent")), default=F("aanvaard_cent"))
    regels = (
        Kostenregel.objects.filter(tellend, kostenstaat__dossier=dossier)
        .order_by()
        .values_list("categorie__sleutel")
        .annotate(gevraagd=Sum("bedrag_cent"), aanvaard=Sum(stand))
    )
    per_soort = {sleutel: (int(gevraagd), int(aanvaard)) for sleutel, gevraagd, aanvaard in regels}
    return vergelijk(
        soorten,
        {sleutel: int(cent) for sleutel, cent in begroot},
        {sleutel: gevraagd for sleutel, (gevraagd, _) in per_soort.items()},
        {sleutel: aanvaard for sleutel, (_, aanvaard) in per_soort.items()},
    )


@dataclass(frozen=True)
class Foutenkans:
    """What the lines of the sample that were judged show, in cents."""

    aantal: int
    met_fout: int
    gevraagd_cent: int
    niet_aanvaard_cent: int

    @property
    def honderdsten(self) -> int:
        """Return the share of the amount that was not accepted, in hundredths of a percent."""
        if not self.gevraagd_cent:
            return 0
        return (self.niet_aanvaard_cent * 10_000 + self.gevraagd_cent // 2) // self.gevraagd_cent


def foutenkans(staat: Kostenstaat) -> Foutenkans:
    """Return what was found in the sample so far. One query."""
    rijen = staat.regels.filter(in_steekproef=True).exclude(oordeel=Oordeel.OPEN)
    uit = rijen.aggregate(
        aantal=Count("pk"),
        fout=Count("pk", filter=Q(aanvaard_cent__lt=F("bedrag_cent"))),
        gevraagd=Coalesce(Sum("bedrag_cent"), 0),
        aanvaard=Coalesce(Sum("aanvaard_cent"), 0),
    )
    return Foutenkans(uit["aantal"], uit["fout"], int(uit["gevraagd"]), int(uit["gevraagd"] - uit["aanvaard"]))


def vraagt_kostenstaten(dossier: Dossier) -> bool:
    """Return whether the track of a dossier asks for cost claims."""
    return Kostenregeling.objects.filter(luik__rondes=dossier.ronde_id).exists()
