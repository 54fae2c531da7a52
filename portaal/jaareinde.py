"""Closing a budget year with the auditor's report of each call, made and stored before anything is locked."""

from collections.abc import Iterator
from tempfile import TemporaryFile

from django.core.files.uploadedfile import UploadedFile

from betalingen import grootboek, queries, rechten, services
from betalingen.models import Begrotingsjaar, Krediet
from betalingen.services import Rapport
from kern import klok, uploads, werkblad
from kern.weigering import GeenRecht
from oproepen.models import Luik, Oproep
from organisaties.models import Gebruiker
from portaal.controlespoor import controlespoorblad

_, MIME = werkblad.FORMATEN["xlsx"]


def sluit_begrotingsjaar_af(jaar: int, *, door: Gebruiker) -> Begrotingsjaar:
    """Close a year; what is refused for another reason than a race is refused before the reports are made.

    Raises Weigering: what `queries.beletsels` gives, verkeerde_status, intussen_gewijzigd.
    """
    rij = grootboek.begrotingsjaar(jaar)
    if not rechten.mag_begrotingsjaar_afsluiten(door, rij):
        raise GeenRecht
    beletsel = next(queries.beletsels(jaar), None)
    open_ = beletsel is None and rij.status == Begrotingsjaar.Status.OPEN
    rapporten = list(_rapporten(jaar, door)) if open_ else []
    dicht: Begrotingsjaar = services.sluit_begrotingsjaar_af(rij, rapporten=rapporten, door=door)
    return dicht


def _rapporten(jaar: int, door: Gebruiker) -> Iterator[Rapport]:
    for oproep in Oproep.objects.filter(pk__in=queries.boekingen_per_oproep(jaar)).order_by("slug"):
        yield _rapport(jaar, oproep, door)


def _rapport(jaar: int, oproep: Oproep, door: Gebruiker) -> Rapport:
    """Make and store the report of a call: every booking with its date in the year, or on a credit of it."""
    codes = Luik.objects.filter(oproep=oproep).values("begrotingsartikel")
    blad = controlespoorblad(
        queries.regels_van_jaar(jaar).filter(oproep=oproep),
        Krediet.objects.filter(jaar=jaar, artikel__code__in=codes),
        [
            ("Oproep", oproep.titel),
            ("Begrotingsjaar", f"{jaar}: wat in {jaar} gebeurde, en wat op het krediet van {jaar} staat"),
            ("Gemaakt bij het afsluiten", f"{klok.nu().astimezone(klok.BRUSSEL):%d/%m/%Y %H:%M}"),
        ],
    )
    with TemporaryFile() as inhoud:
        regels = werkblad.schrijf_xlsx(blad, inhoud)
        grootte = inhoud.tell()
        inhoud.seek(0)
        naam = f"controlespoor-{jaar}-{oproep.slug}.xlsx"
        bestand = uploads.bewaar_gelezen(UploadedFile(inhoud, naam, MIME, grootte), naam, MIME, door=door)
    return Rapport(oproep, bestand, regels)
