"""The sheet of cost claims. Its columns stand here and nowhere else."""

from collections.abc import Sequence

from django.db.models import QuerySet

from dossiers.models import Kostenregel
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, Rekenblad
from kern.werkblad import Blad


class KostenResource(Rekenblad):
    """One row per line of a claim."""

    dossier = Kolom("kostenstaat__dossier__nummer", "Dossier", breedte=16)
    organisatie = Kolom("kostenstaat__dossier__organisatie__naam", "Organisatie", breedte=28)
    oproep = Kolom("kostenstaat__dossier__ronde__luik__oproep__titel", "Oproep", breedte=28)
    luik = Kolom("kostenstaat__dossier__ronde__luik__naam", "Luik", breedte=14)
    kostenstaat = Kolom("kostenstaat__volgnummer", "Kostenstaat", GetalWidget())
    van = Kolom("kostenstaat__van", "Van", DagWidget())
    tot = Kolom("kostenstaat__tot", "Tot en met", DagWidget())
    status = Kolom("kostenstaat__get_status_display", "Status", breedte=16)
    regel = Kolom("volgnummer", "Regel", GetalWidget())
    categorie = Kolom("categorie__naam", "Kostensoort", breedte=22)
    omschrijving = Kolom("omschrijving", "Omschrijving", breedte=44)
    leverancier = Kolom("leverancier", "Leverancier", breedte=28)
    kbo = Kolom("leverancier_kbo", "Ondernemingsnummer", breedte=20)
    factuurnummer = Kolom("factuurnummer", "Factuurnummer", breedte=18)
    factuurdatum = Kolom("factuurdatum", "Factuurdatum", DagWidget())
    betaaldatum = Kolom("betaaldatum", "Betaald op", DagWidget())
    bedrag_cent = Kolom("bedrag_cent", "Gevraagd", CentWidget())
    oordeel = Kolom("get_oordeel_display", "Oordeel", breedte=22)
    aanvaard_cent = Kolom("aanvaard_cent", "Aanvaard", CentWidget())
    reden = Kolom("reden", "Reden", breedte=40)
    steekproef = Kolom("in_steekproef", "Steekproef", waarde=lambda rij: "ja" if rij.in_steekproef else "nee")
    ongezien = Kolom(
        "ongezien",
        "Zonder nazicht",
        waarde=lambda rij: "ja" if rij.ongezien else "nee",
        uitleg="Ja: aanvaard bij het afronden, omdat de steekproef deze regel niet trof.",
    )


def kostenblad(regels: QuerySet[Kostenregel], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these lines as a sheet, by dossier, claim and line."""
    lezen = ("kostenstaat__dossier__organisatie", "kostenstaat__dossier__ronde__luik__oproep", "categorie")
    volgorde = ("kostenstaat__dossier_id", "kostenstaat__volgnummer", "volgnummer")
    return Blad("Kosten", "Kostenstaten", KostenResource(), regels.select_related(*lezen).order_by(*volgorde), getoond)
