"""The sheet of organisations. The columns stand here and nowhere else."""

from django.db.models import QuerySet

from kern.resources import DagWidget, GetalWidget, Kolom, Rekenblad
from kern.werkblad import Blad
from organisaties import rechtsvormen
from organisaties.models import Organisatie


class OrganisatieResource(Rekenblad):
    """One row per organisation; an earlier municipality is a row of its own."""

    nummer = Kolom("pk", "Nummer", GetalWidget(), uitleg="Van het loket. Laat dit leeg voor een nieuwe organisatie.")
    naam = Kolom("naam", "Naam", breedte=40)
    categorie = Kolom("get_categorie_display", "Categorie", breedte=30)
    rechtsvorm = Kolom(
        "juridische_vorm", "Rechtsvorm", waarde=lambda o: rechtsvormen.label(o.juridische_vorm), breedte=36
    )
    kbo = Kolom("kbo_leesbaar", "Ondernemingsnummer", breedte=20)
    gemeente = Kolom("gemeente", "Gemeente")
    provincie = Kolom("provincie", "Provincie")
    nis = Kolom("nis", "NIS-code", breedte=10)
    ovo = Kolom("ovo", "OVO-nummer", breedte=14)
    geldig_van = Kolom("geldig_van", "Bestaat vanaf", DagWidget())
    geldig_tot = Kolom("geldig_tot", "Bestaat niet meer op", DagWidget())
    opvolger = Kolom("opvolger__naam", "Opvolger", breedte=30)


def organisatieblad(organisaties: QuerySet[Organisatie]) -> Blad:
    """Return these organisations as a sheet, by name."""
    rijen = organisaties.select_related("opvolger").order_by("naam", "pk")
    return Blad("Organisaties", "Organisaties", OrganisatieResource(), rijen)
