"""The columns of the Subsidieregister. They stand here and nowhere else."""

from kern.resources import EuroWidget, GetalWidget, Kolom, Rekenblad


class RegisterResource(Rekenblad):
    """One row per award and year, and one per award and year with cancellations."""

    beleidsdomein = Kolom("beleidsdomein", "Beleidsdomein", breedte=36)
    thema = Kolom("thema", "Thema", breedte=36, uitleg="De oproep.")
    subthema = Kolom("subthema", "Subthema", uitleg="Het luik van de oproep.")
    verstrekker = Kolom("verstrekker", "Verstrekker", breedte=36)
    kbo = Kolom("kbo", "KBO-nr", breedte=14)
    vestiging = Kolom("vestiging", "Vestiging", uitleg="Leeg: het loket houdt geen vestigingsnummers bij.")
    naam = Kolom("naam", "Naam subsidieontvanger", breedte=36)
    postcode = Kolom("postcode", "Postcode", uitleg="Leeg: het loket houdt geen adressen bij.")
    gemeente = Kolom("gemeente", "Gemeente")
    land = Kolom("land", "Land", breedte=12)
    jaar = Kolom("jaar", "Jaar", GetalWidget())
    toegekend = Kolom(
        "toegekend",
        "Toegekend (EUR)",
        EuroWidget(),
        uitleg="In het jaar van het besluit; een annulering staat als negatief bedrag in haar eigen jaar.",
    )
    betaald = Kolom(
        "betaald",
        "Betaald (EUR)",
        EuroWidget(),
        uitleg="In het jaar van de betaling. Bedragen zijn zo afgerond dat de som per begunstigde en oproep klopt.",
    )
