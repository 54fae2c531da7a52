"""The sheets about dossiers and scores. The columns of each stand here and nowhere else.

A dossier is written as the person may know it: who is no staff of its track, or belongs to the applicant, finds of a
decision only what was notified, also in a sheet.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value

from beoordeling import rechten, register
from beoordeling.models import Besluit, Besluitregel, Score, Scoreblad
from betalingen.models import Stand
from betalingen.queries import vastlegging_van
from betalingen.resources import VASTLEGGINGSNUMMER
from dossiers.models import Dossier
from kern.resources import CentWidget, DagWidget, GetalWidget, HonderdstenWidget, Kolom, MomentWidget, Rekenblad
from kern.werkblad import Blad
from oproepen.models import Ronde
from oproepen.rechten import PERSONEEL, Rol, luiken_met_taak
from organisaties.models import Gebruiker
from organisaties.rechten import organisaties_van


def _staf(veld: str) -> Callable[[Any], Any]:
    # Only for staff, whatever was notified.
    return lambda rij: Kolom(veld, "").get_value(rij) if rij.ziet_alles else None


def _na_kennisgeving(veld: str) -> Callable[[Any], Any]:
    return lambda rij: Kolom(veld, "").get_value(rij) if rij.ziet_alles or rij.kennisgegeven_op else None


def _uitkomst(rij: Any) -> str | None:
    uitkomst = rij.uitkomst if rij.ziet_alles else rij.uitkomst_gemeld
    return str(Besluitregel.Uitkomst(uitkomst).label) if uitkomst else None


class DossierResource(Rekenblad):
    """One row per dossier."""

    nummer = Kolom("nummer", "Dossier", breedte=16)
    oproep = Kolom("ronde__luik__oproep__titel", "Oproep", breedte=28)
    luik = Kolom("ronde__luik__naam", "Luik", breedte=14)
    ronde = Kolom("ronde__nummer", "Ronde", GetalWidget())
    organisatie = Kolom("organisatie__naam", "Organisatie", breedte=28)
    kbo = Kolom("organisatie__kbo_leesbaar", "Ondernemingsnummer", breedte=26)
    gemeente = Kolom("organisatie__gemeente", "Gemeente")
    provincie = Kolom("organisatie__provincie", "Provincie", breedte=28)
    titel = Kolom("titel", "Titel", breedte=44)
    status = Kolom(
        "status", "Status", waarde=lambda rij: rij.get_status_display() if rij.ziet_alles else rij.zichtbare_status
    )
    ingediend_op = Kolom("ingediend_op", "Ingediend", MomentWidget())
    gevraagd_cent = Kolom("gevraagd_cent", "Gevraagd", CentWidget())
    hoogstens_cent = Kolom(
        "hoogstens_cent",
        "Hoogstens",
        CentWidget(),
        waarde=_staf("hoogstens_cent"),
        uitleg="Wat er hoogstens toegekend kan worden, als dat minder is dan gevraagd.",
    )
    toegekend_cent = Kolom("toegekend_cent", "Toegekend", CentWidget(), waarde=_na_kennisgeving("toegekend_cent"))
    vastlegging = Kolom("vastlegging", VASTLEGGINGSNUMMER, waarde=_na_kennisgeving("vastlegging"), breedte=20)
    vastgelegd_cent = Kolom("vastgelegd_cent", "Vastgelegd", CentWidget(), waarde=_na_kennisgeving("vastgelegd_cent"))
    vereffend_cent = Kolom("vereffend_cent", "Vereffend", CentWidget(), waarde=_na_kennisgeving("vereffend_cent"))
    uitbetaald_cent = Kolom("uitbetaald_cent", "Uitbetaald", CentWidget(), waarde=_na_kennisgeving("uitbetaald_cent"))
    score = Kolom(
        "juryadvies__score_honderdsten",
        "Score",
        HonderdstenWidget(),
        waarde=_staf("juryadvies__score_honderdsten"),
        uitleg="Van het vastgestelde juryadvies, op 100.",
    )
    rang = Kolom("rang", "Rang", GetalWidget(), waarde=_staf("rang"))
    uitkomst = Kolom(
        "uitkomst",
        "Uitkomst",
        waarde=_uitkomst,
        breedte=36,
        uitleg="Volgens het laatste besluit, of het ontwerp ervan zolang het niet ondertekend is.",
    )


class RondeResource(DossierResource):
    """The dossiers of one round, with their sheets counted."""

    bladen_in = Kolom("bladen_in", "Scorebladen ingediend", GetalWidget(), breedte=14)
    bladen = Kolom("bladen", "Scorebladen toegewezen", GetalWidget(), breedte=14)


class ScoreResource(Rekenblad):
    """One row per sheet and criterion."""

    nummer = Kolom("scoreblad__dossier__nummer", "Dossier", breedte=16)
    titel = Kolom("scoreblad__dossier__titel", "Titel", breedte=44)
    organisatie = Kolom("scoreblad__dossier__organisatie__naam", "Organisatie", breedte=28)
    jurylid = Kolom("scoreblad__jurylid__naam", "Jurylid")
    ingediend_op = Kolom("scoreblad__ingediend_op", "Ingediend", MomentWidget())
    criterium = Kolom("criterium__naam", "Criterium", breedte=32)
    gewicht = Kolom("criterium__gewicht", "Gewicht", GetalWidget())
    punten = Kolom("punten", "Punten", GetalWidget())
    max_punten = Kolom("criterium__max_punten", "Maximum", GetalWidget())
    motivering = Kolom("motivering", "Motivering", breedte=70)


def dossiersblad(
    dossiers: QuerySet[Dossier], *, gebruiker: Gebruiker | None, getoond: Sequence[tuple[str, str]] = ()
) -> Blad:
    """Return these dossiers as a sheet, in their order, as this person may know them (None: all, for a command)."""
    return Blad("Dossiers", "Dossiers", DossierResource(), _verrijkt(dossiers, gebruiker), getoond)


def rondeblad(
    ronde: Ronde, dossiers: QuerySet[Dossier], *, gebruiker: Gebruiker, getoond: Sequence[tuple[str, str]] = ()
) -> Blad:
    """Return the dossiers of a round (from queries.dossiers_van_ronde) as a sheet."""
    plaats = [("Ronde", str(ronde)), *getoond]
    return Blad("Dossiers", f"Dossiers {ronde}", RondeResource(), _verrijkt(dossiers, gebruiker), plaats)


def scoresblad(ronde: Ronde, *, gebruiker: Gebruiker) -> Blad:
    """Return the points of the handed-in sheets of a round that this person sees, without her own organisations'."""
    bladen = rechten.zichtbaar_voor(Scoreblad.objects.all(), gebruiker).filter(
        dossier__ronde=ronde, status=Scoreblad.Status.INGEDIEND
    )
    rijen = _scores(bladen).exclude(scoreblad__dossier__organisatie__in=organisaties_van(gebruiker))
    plaats = [("Ronde", str(ronde)), ("Scorebladen", "ingediend")]
    return Blad("Scores", f"Scores {ronde}", ScoreResource(), rijen, plaats)


def alle_scoresblad(dossiers: QuerySet[Dossier], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return the points of the handed-in sheets of these dossiers, for a command."""
    bladen = Scoreblad.objects.filter(dossier__in=dossiers, status=Scoreblad.Status.INGEDIEND)
    return Blad("Scores", "Scores", ScoreResource(), _scores(bladen), [*getoond, ("Scorebladen", "ingediend")])


def _scores(bladen: QuerySet[Scoreblad]) -> QuerySet[Score]:
    rijen = Score.objects.filter(scoreblad__in=bladen)
    return rijen.select_related("scoreblad__dossier__organisatie", "scoreblad__jurylid", "criterium").order_by(
        "scoreblad__dossier_id", "scoreblad_id", "criterium__volgorde"
    )


def _verrijkt(dossiers: QuerySet[Dossier], gebruiker: Gebruiker | None) -> QuerySet[Dossier]:
    # Without an award, and no proposal of one, there is nothing to be committed: an empty cell, not a zero.
    stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"), limiet_cent__isnull=False)
    standen = {
        naam: Subquery(stand.values(naam)[:1]) for naam in ("vastgelegd_cent", "vereffend_cent", "uitbetaald_cent")
    }
    ziet_alles: Any = Value(True)
    if gebruiker is not None:
        luiken = luiken_met_taak(gebruiker, *PERSONEEL, Rol.VOORZITTER)
        eigen = organisaties_van(gebruiker)
        ziet_alles = ExpressionWrapper(Q(ronde__luik__in=luiken) & ~Q(organisatie__in=eigen), BooleanField())
    regels = Besluitregel.objects.filter(dossier=OuterRef("pk")).order_by("-besluit__volgnummer")
    gemeld = regels.filter(besluit__status=Besluit.Status.KENNISGEGEVEN)
    laatste = {
        "rang": Subquery(regels.values("rang")[:1]),
        "uitkomst": Subquery(regels.values("uitkomst")[:1]),
        "uitkomst_gemeld": Subquery(gemeld.values("uitkomst")[:1]),
    }
    lezen = ("ronde__luik__oproep", "organisatie", "juryadvies")
    rijen = dossiers.select_related(*lezen).annotate(**standen, **laatste, ziet_alles=ziet_alles)
    return rijen.annotate(vastlegging=vastlegging_van())


class DeminimisResource(Rekenblad):
    """One row per award of de-minimis aid, for the central register."""

    dossier = Kolom("nummer", "Dossier", breedte=16)
    naam = Kolom("organisatie__naam", "Begunstigde", breedte=36)
    kbo = Kolom("organisatie__kbo", "Ondernemingsnummer", breedte=20)
    bedrag_cent = Kolom("toegekend_cent", "Bedrag", CentWidget())
    datum = Kolom("beslist_op", "Toegekend op", DagWidget())
    verordening = Kolom("verordening", "Verordening", breedte=28)
    verstrekker = Kolom("ronde__luik__oproep__verstrekker", "Verstrekker", breedte=28)
    sector = Kolom(
        "organisatie__get_categorie_display", "Soort organisatie", breedte=28, uitleg="De sector is niet bekend."
    )
    uiterlijk = Kolom(
        "uiterlijk", "Uiterlijk te melden", DagWidget(), uitleg="Leeg: toegekend vóór het register bestond."
    )
    status = Kolom("melding", "Status", breedte=16)
    register_op = Kolom("register_op", "Gemeld op", DagWidget())
    referentie = Kolom("referentie", "Referentie", breedte=24)


def deminimisblad(rijen: QuerySet[Dossier], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these awards of de-minimis aid as a sheet."""
    return Blad("De-minimis", "De-minimissteun", DeminimisResource(), register.MetTermijn(rijen), list(getoond))
