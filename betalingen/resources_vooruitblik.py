"""The sheet of the page that looks ahead: a tab for each of its tables."""

from collections.abc import Sequence
from typing import Any

from betalingen.vooruitblik import Cijfers
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, Rekenblad
from kern.werkblad import Blad


class PrognoseResource(Rekenblad):
    """One row per month, and one for everything after the last."""

    maand = Kolom("maand", "Maand", waarde=lambda rij: f"{rij.maand:%Y-%m}" if rij.maand else "later", breedte=12)
    verwacht_cent = Kolom(
        "verwacht_cent", "Verwacht", CentWidget(), uitleg="Vervaldag en de mediaan van de vertraging van de oproep."
    )
    vlot_cent = Kolom(
        "vlot_cent",
        "Bij vlotte betaling",
        CentWidget(),
        uitleg="Met de vertraging van de vlotste vijfde (percentiel 20).",
    )
    traag_cent = Kolom(
        "traag_cent",
        "Bij trage betaling",
        CentWidget(),
        uitleg="Met de vertraging van de traagste vijfde (percentiel 80).",
    )


class ArtikelResource(Rekenblad):
    """One row per year and article, with every amount."""

    jaar = Kolom("jaar", "Jaar", GetalWidget(), uitleg="Van het krediet; van indiening of besluit voor die twee.")
    artikel = Kolom("artikel", "Artikel", breedte=28)
    gevraagd = Kolom("gevraagd", "Gevraagd", CentWidget())
    gereserveerd = Kolom("gereserveerd", "Gereserveerd", CentWidget())
    toegekend = Kolom("toegekend", "Toegekend", CentWidget())
    vastgelegd = Kolom("vastgelegd", "Vastgelegd", CentWidget())
    vereffend = Kolom("vereffend", "Vereffend", CentWidget())
    uitbetaald = Kolom("uitbetaald", "Uitbetaald", CentWidget())
    teruggevorderd = Kolom("teruggevorderd", "Teruggevorderd", CentWidget())
    ontvangen = Kolom("ontvangen", "Ontvangen", CentWidget())
    encours = Kolom("encours", "Encours", CentWidget(), uitleg="Vastgelegd min vereffend in dit jaar.")
    beschikbaar = Kolom("beschikbaar", "Beschikbaar", CentWidget(), uitleg="Leeg: er is geen krediet ingesteld.")


class VerloopResource(Rekenblad):
    """One row per month in which something fell due or was paid."""

    maand = Kolom("maand", "Maand", waarde=lambda rij: f"{rij['maand']:%Y-%m}", breedte=12)
    gepland = Kolom("gepland", "Gepland", CentWidget(), uitleg="In deze maand; de pagina telt de maanden op.")
    betaald = Kolom("betaald", "Uitbetaald", CentWidget(), uitleg="In deze maand; de pagina telt de maanden op.")


class LaatVerslagResource(Rekenblad):
    """One row per report that is late and holds money up."""

    nummer = Kolom("dossier__nummer", "Dossier", breedte=16)
    organisatie = Kolom("dossier__organisatie__naam", "Organisatie", breedte=28)
    verslag = Kolom("moment__get_soort_display", "Verslag", breedte=20)
    uiterlijk = Kolom("uiterlijk", "Uiterlijk", DagWidget())
    dagen = Kolom("dagen", "Dagen te laat", GetalWidget())
    geblokkeerd_cent = Kolom("geblokkeerd_cent", "Houdt tegen", CentWidget())


def vooruitblikblad(cijfers: Cijfers, getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return the forecast of payments as a sheet, with a tab for each other table of the page.

    Each column of the forecast adds up to what is planned.
    """
    verloop = cijfers.verloop["rijen"] if cijfers.verloop else []
    erbij = [
        Blad("Per jaar en artikel", "Bedragen per jaar en artikel", ArtikelResource(), cijfers.artikelen),
        Blad("Gepland en uitbetaald", "Uitbetaald naast gepland", VerloopResource(), _per_maand(verloop)),
        Blad("Late verslagen", "Verslagen die geld tegenhouden", LaatVerslagResource(), cijfers.verslagen),
    ]
    titel = "Vooruitblik op de betalingen"
    return Blad("Vooruitblik", titel, PrognoseResource(), cijfers.maanden, getoond, erbij=erbij)


def _per_maand(verloop: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what was planned and paid in each month, of rows that add the months up."""
    gepland = betaald = 0
    uit = []
    for rij in verloop:
        tot_nu = betaald if rij["betaald"] is None else rij["betaald"]
        uit.append({"maand": rij["maand"], "gepland": rij["gepland"] - gepland, "betaald": tot_nu - betaald})
        gepland, betaald = rij["gepland"], tot_nu
    return uit
