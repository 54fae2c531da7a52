"""What one may ask about judging and deciding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from beoordeling import rechten
from beoordeling.beelden import spreiding
from beoordeling.models import Besluit, Besluitregel, Juryadvies, Score, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten, score_tekst, score_van_blad
from betalingen import grootboek
from betalingen.models import Journaalregel, Krediet, Stand
from dossiers.models import Dossier
from kern import klok
from kern.geld import euro_tekst
from kern.weigering import Weigering
from oproepen.models import Luik, Ronde
from organisaties.models import Gebruiker

# States of a decision in which nobody works on it: another one may be drafted, or it again.
LIGT_STIL = (Besluit.Status.KENNISGEGEVEN, Besluit.Status.TERUGGESTUURD)


def mijn_scorebladen(gebruiker: Gebruiker) -> QuerySet[Scoreblad]:
    """Return the sheets of a juror, open ones first."""
    rijen = Scoreblad.objects.filter(jurylid_id=gebruiker.pk)
    return rijen.select_related("dossier__organisatie", "dossier__ronde__luik__oproep").order_by("ingediend_op", "pk")


def dossiers_van_ronde(ronde: Ronde) -> QuerySet[Dossier]:
    """Return the handed-in dossiers of a round with sheets counted, in order of receipt."""
    ingediend = Q(scorebladen__status=Scoreblad.Status.INGEDIEND)
    return (
        Dossier.objects.filter(ronde=ronde, ingediend_op__isnull=False)
        .select_related("organisatie", "juryadvies")
        .annotate(bladen=Count("scorebladen"), bladen_in=Count("scorebladen", filter=ingediend))
        .order_by("ingediend_op", "pk")
    )


def telling_van_ronde(ronde: Ronde) -> dict[str, int]:
    """Return how many dossiers of `dossiers_van_ronde` stand in each state."""
    rijen = Dossier.objects.filter(ronde=ronde, ingediend_op__isnull=False).order_by().values_list("status")
    return dict(rijen.annotate(n=Count("pk")))


def zichtbare_bladen(dossier: Dossier, gebruiker: Gebruiker) -> list[dict[str, Any]]:
    """Return the sheets of a dossier that a person sees, each with its score as text.

    A juror sees the sheets of others only once her own is in.
    """
    van_dossier = Scoreblad.objects.filter(dossier=dossier)
    ingediend = Scoreblad.Status.INGEDIEND
    eigen_is_in = Exists(van_dossier.filter(jurylid_id=gebruiker.pk, status=ingediend))
    zichtbaar = rechten.zichtbaar_voor(van_dossier, gebruiker).values("pk")
    bladen = van_dossier.filter(Q(pk__in=zichtbaar) | Q(eigen_is_in, status=ingediend)).select_related("jurylid")
    scores = Prefetch("scores", Score.objects.select_related("criterium"))
    return [
        {
            "blad": blad,
            "score": score_tekst(gemiddelde_honderdsten([blad])) if blad.status == "ingediend" else "",
        }
        for blad in bladen.prefetch_related(scores)
    ]


def spreiding_van(dossier: Dossier, bladen: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the picture of the sheets of `zichtbare_bladen`, or None while there is no score to show."""
    scores = [(rij["blad"].jurylid.naam, score_van_blad(rij["blad"])) for rij in bladen if rij["score"]]
    return spreiding(scores, dossier.ronde.minimumscore, dossier.nummer or "")


def advies_van(dossier: Dossier) -> Juryadvies | None:
    """Return the adopted advice on a dossier (advice read along, or read now), or None."""
    advies: Juryadvies | None = getattr(dossier, "juryadvies", None)
    return advies if advies is not None and advies.status == Juryadvies.Status.VASTGESTELD else None


def minst_vrij(standen: Iterable[Stand]) -> int:
    """Return what may still be awarded under all of these totals, in cents. Raises Weigering(budget_ontbreekt)."""
    vrij = [stand.beschikbaar_cent for stand in standen]
    if any(cent is None for cent in vrij):
        raise Weigering(
            "budget_ontbreekt", "Het budget van de oproep is niet ingesteld, dus er kan niets toegekend worden."
        )
    return min(cent for cent in vrij if cent is not None)


def reservelijst(ronde: Ronde) -> list[Besluitregel]:
    """Return the lines, dossier read along, of the dossiers that are on the reserve list now, in order of the list."""
    regels = Besluitregel.objects.filter(
        besluit__ronde=ronde, uitkomst=Besluitregel.Uitkomst.RESERVE, dossier__status=Dossier.Status.RESERVE
    )
    return list(regels.select_related("dossier__organisatie").order_by("reserveplaats"))


def blokkade_reserve(ronde: Ronde, besluiten: Iterable[Besluit], lijst: list[Besluitregel]) -> Weigering | None:
    """Return why nothing can be proposed from the reserve list of a round now, whatever is free; or None.

    besluiten: all of the round; lijst: from `reservelijst`.
    """
    if ronde.status != Ronde.Status.KENNISGEGEVEN:
        zin = "Dit kan pas nadat de aanvragers kennis kregen van het besluit over de rangschikking."
        return Weigering("verkeerde_status", zin)
    if any(besluit.status not in LIGT_STIL for besluit in besluiten):
        return Weigering("besluit_loopt", "Er loopt al een besluit over deze ronde.")
    return None if lijst else Weigering("reserve_leeg", "Er staan geen dossiers op de reservelijst.")


def blokkade_begrenzing(dossier: Dossier) -> Weigering | None:
    """Return why the most that can be awarded to a dossier cannot be set now, or None.

    It can from the jury's advice on until the dossier is proposed, and while it waits on the reserve list.
    """
    ronde = dossier.ronde
    if dossier.status == Dossier.Status.RESERVE:
        return blokkade_reserve(ronde, ronde.besluiten.all(), reservelijst(ronde))
    if ronde.status == Ronde.Status.VOORGESTELD:
        zin = "De ronde is al voorgedragen. Stuur eerst het voorstel terug; daarna kunt u het bedrag begrenzen."
        return Weigering("besluit_loopt", zin)
    if dossier.status != Dossier.Status.ONTVANKELIJK:
        zin = f"Dit kan niet: het dossier heeft de status '{dossier.get_status_display().lower()}'."
        return Weigering("verkeerde_status", zin)
    if advies_van(dossier) is None:
        return Weigering("advies_ontbreekt", "De jury gaf nog geen advies over dit dossier.")
    return None


def passend_uit_reserve(lijst: Iterable[Besluitregel], beschikbaar_cent: int) -> list[Besluitregel]:
    """Return the lines from the top of a reserve list that fit in this amount, without skipping one."""
    bedragen = accumulate(regel.dossier.toe_te_kennen_cent for regel in lijst)
    return [regel for regel, samen in zip(lijst, bedragen, strict=True) if samen <= beschikbaar_cent]


def reserve_past_niet(eerste: Besluitregel, beschikbaar_cent: int) -> Weigering:
    """Return the refusal to award from a reserve list of which not even the first fits."""
    bedrag, vrij = euro_tekst(eerste.dossier.toe_te_kennen_cent), euro_tekst(max(beschikbaar_cent, 0))
    vraagt = "vraagt" if eerste.dossier.hoogstens_cent is None else "krijgt hoogstens"
    zin = f"Het eerste dossier op de reservelijst, {eerste.dossier.nummer}, {vraagt} {bedrag}. Er is {vrij} vrij."
    return Weigering("reserve_past_niet", zin)


def redenen_tegen_reserve(ronde: Ronde, lijst: list[Besluitregel]) -> dict[int, str | None]:
    """Return, for each year with a credit, why nothing can be awarded from this reserve list on it, or None."""
    kredieten = list(_kredieten(ronde))
    standen = grootboek.standen_van([ronde, ronde.luik, ronde.luik.oproep, *kredieten])
    return {
        krediet.jaar: _reden_tegen_reserve(lijst, [*standen[:3], stand])
        for krediet, stand in zip(kredieten, standen[3:], strict=True)
    }


def _reden_tegen_reserve(lijst: list[Besluitregel], standen: list[Stand]) -> str | None:
    try:
        vrij = minst_vrij(standen)
    except Weigering as geen_budget:
        return geen_budget.zin
    return None if passend_uit_reserve(lijst, vrij) else reserve_past_niet(lijst[0], vrij).zin


def rondes_met_vrije_reserve(luiken: QuerySet[Luik]) -> QuerySet[Ronde]:
    """Return the rounds of these tracks whose first dossier on the reserve list fits in the budgets, none under way.

    The credit of the year is left out: the page of the round tells what it says.
    """
    lijst = Besluitregel.objects.filter(
        besluit__ronde=OuterRef("pk"), uitkomst=Besluitregel.Uitkomst.RESERVE, dossier__status=Dossier.Status.RESERVE
    ).order_by("reserveplaats")
    toe_te_kennen = Coalesce("dossier__hoogstens_cent", "dossier__gevraagd_cent")
    loopt = Besluit.objects.filter(ronde=OuterRef("pk")).exclude(status__in=LIGT_STIL)
    besteed = F("gereserveerd_cent") + F("vastgelegd_cent") + F("vervallen_cent")
    krap = Stand.objects.filter(
        Q(soort=Stand.Soort.RONDE, sleutel=OuterRef("pk"))
        | Q(soort=Stand.Soort.LUIK, sleutel=OuterRef("luik"))
        | Q(soort=Stand.Soort.OPROEP, sleutel=OuterRef("luik__oproep"))
    ).filter(Q(limiet_cent=None) | Q(limiet_cent__lt=besteed + OuterRef("eerste_cent")))
    return (
        Ronde.objects.filter(luik__in=luiken, status=Ronde.Status.KENNISGEGEVEN)
        .annotate(eerste_cent=Subquery(lijst.values(cent=toe_te_kennen)[:1]))
        .filter(~Exists(loopt), ~Exists(krap), eerste_cent__isnull=False)
        .select_related("luik__oproep")
        .order_by("luik_id", "nummer")
    )


def regel_van_brief(dossier: Dossier, *, gemeld: bool) -> Besluitregel | None:
    """Return the line that the letter on a dossier is about: of the last decision notified, or signed at least."""
    statussen = [Besluit.Status.KENNISGEGEVEN] if gemeld else [Besluit.Status.ONDERTEKEND, Besluit.Status.KENNISGEGEVEN]
    regels = Besluitregel.objects.filter(dossier=dossier, besluit__status__in=statussen)
    return regels.select_related("besluit").order_by("-besluit__volgnummer").first()


@dataclass(frozen=True)
class Beslissing:
    """What a decision, or the draft of one, says on a dossier; amount in cents, 0 without award."""

    uitkomst: str
    bedrag_cent: int
    reserveplaats: int | None
    motivering: str
    nummer: str
    datum: date | None


def met_beslissing(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add what `beslissing` reads to a query of dossiers, so that a page needs no other one for it."""
    regels = Besluitregel.objects.filter(dossier=OuterRef("pk")).order_by("-besluit__volgnummer")
    gemeld = regels.filter(besluit__status=Besluit.Status.KENNISGEGEVEN)
    velden = ("uitkomst", "bedrag_cent", "reserveplaats", "motivering")
    van_besluit = {"nummer": "besluit__nummer", "datum": "besluit__datum"}
    inhoud: Any = JSONObject(**{veld: veld for veld in velden}, **van_besluit)
    return dossiers.annotate(
        laatste_beslissing=Subquery(regels.values(inhoud=inhoud)[:1]),
        gemelde_beslissing=Subquery(gemeld.values(inhoud=inhoud)[:1]),
    )


def beslissing(dossier: Any, *, gemeld: bool) -> Beslissing | None:
    """Return what the last decision says on a dossier of `met_beslissing`, or the last one notified; None: nothing."""
    velden = dossier.gemelde_beslissing if gemeld else dossier.laatste_beslissing
    if velden is None:
        return None
    label = str(Besluitregel.Uitkomst(velden["uitkomst"]).label)
    datum = date.fromisoformat(velden["datum"]) if velden["datum"] else None
    return Beslissing(**velden | {"uitkomst": label, "datum": datum})


def jaren_met_krediet(ronde: Ronde) -> list[int]:
    """Return the years, this and the next, in which the track of a round has a credit to reserve on."""
    return list(_kredieten(ronde).values_list("jaar", flat=True))


def _kredieten(ronde: Ronde) -> QuerySet[Krediet]:
    dit_jaar = klok.vandaag().year
    jaren = [dit_jaar, dit_jaar + 1]
    return Krediet.objects.filter(artikel__code=ronde.luik.begrotingsartikel, jaar__in=jaren).order_by("jaar")


def besluiten_zonder_vastlegging(luiken: QuerySet[Luik]) -> QuerySet[Besluit]:
    """Return the signed decisions of which an award waits for its commitment in an outside accounting system."""
    vast = Journaalregel.objects.filter(dossier=OuterRef("dossier"), soort=Journaalregel.Soort.VASTLEGGING)
    open_ = Besluitregel.objects.filter(besluit=OuterRef("pk"), uitkomst=Besluitregel.Uitkomst.TOEKENNING)
    besluiten = Besluit.objects.filter(ronde__luik__in=luiken, status=Besluit.Status.ONDERTEKEND)
    return besluiten.filter(Exists(open_.exclude(Exists(vast)))).select_related("ronde__luik__oproep").order_by("pk")
