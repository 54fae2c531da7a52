"""The ledger: the only code that writes Journaalregel, Limietregel and Stand. It calls nobody.

A booking moves the totals of five subjects at once (call, track, round, dossier, credit of article and year)
and adds one journal row, in the transaction of the act that causes it. The limits are tested here under the
lock, with a sentence that names the amounts; the CHECK constraints of Stand hold them again in the database.

The year of a booking is that of its fact. Its budget year says which credit it moves, and is the same, but for a
reservation for the next year; for a payment, which stands on the credit of its charge; and for what undoes a booking on
an earlier credit: the release of a reservation, the cancellation of a commitment, the recovery of a payment and what
comes in on it. What a cancellation frees in a later year lapses; a recovery frees nothing.

In a closed year nothing is booked: no row has its date in it, and none uses its credit.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import ExtractYear

from betalingen.models import (
    AANTALLEN,
    Begrotingsartikel,
    Begrotingsjaar,
    Betaling,
    Journaalregel,
    Krediet,
    Limietregel,
    Stand,
    Terugvordering,
)
from dossiers.models import Dossier
from kern import klok, sloten
from kern.geld import euro_tekst
from kern.models import Gebeurtenis
from kern.weigering import Weigering
from oproepen.models import Luik, Oproep, Ronde

Soort = Journaalregel.Soort
Onderwerp = tuple[str, int]

KOLOM = {
    Soort.RESERVERING: "gereserveerd",
    Soort.VRIJGAVE: "gereserveerd",
    Soort.VASTLEGGING: "vastgelegd",
    Soort.ANNULERING: "vastgelegd",
    Soort.VEREFFENING: "vereffend",
    Soort.TEGENVEREFFENING: "vereffend",
    Soort.UITBETALING: "uitbetaald",
    Soort.TERUGVORDERING: "teruggevorderd",
    Soort.ONTVANGST: "ontvangen",
}


# The kinds that together say what is reserved, and what is committed.
GERESERVEERD = (Soort.RESERVERING, Soort.VRIJGAVE)
VASTGELEGD = (Soort.VASTLEGGING, Soort.ANNULERING)
VEREFFEND = (Soort.VEREFFENING, Soort.TEGENVEREFFENING)
# What uses credit. A payment does not: its charge did.
GEBRUIKT_KREDIET = (Soort.RESERVERING, Soort.VASTLEGGING, Soort.VEREFFENING)


@dataclass(frozen=True)
class Boeking:
    """One booking: kind, signed whole cents (negative for a counter-entry), dossier, day of the fact, its event.

    begrotingsjaar: the year of the credit, where it is not that of the fact.
    """

    soort: str
    bedrag_cent: int
    dossier: Dossier
    feitdatum: date
    gebeurtenis: Gebeurtenis
    betaling: Betaling | None = None
    begrotingsjaar: int | None = None
    terugvordering: Terugvordering | None = None

    @property
    def jaar(self) -> int:
        """Return the budget year."""
        return self.begrotingsjaar or self.feitdatum.year


def krediet_voor(luik: Luik, jaar: int) -> Krediet:
    """Return the credit that a track books on in a year. Raises Weigering(geen_krediet) when there is none."""
    krediet = Krediet.objects.filter(artikel__code=luik.begrotingsartikel, jaar=jaar).first()
    if krediet is None:
        raise Weigering(
            "geen_krediet", f"Voor begrotingsartikel {luik.begrotingsartikel} is in {jaar} geen krediet ingeschreven."
        )
    return krediet


def stand_van(obj: models.Model) -> Stand:
    """Return the totals of a call, track, round, dossier or credit; all zero and without limit when none exist."""
    soort, sleutel = onderwerp(obj)
    return Stand.objects.filter(soort=soort, sleutel=sleutel).first() or Stand(soort=soort, sleutel=sleutel)


def standen_van(objecten: Iterable[models.Model]) -> list[Stand]:
    """Return `stand_van` of each of these objects, in their order, with one query."""
    sleutels = [onderwerp(obj) for obj in objecten]
    bekend = {(rij.soort, rij.sleutel): rij for rij in _standen(set(sleutels))}
    return [bekend.get((soort, sleutel)) or Stand(soort=soort, sleutel=sleutel) for soort, sleutel in sleutels]


def onderwerp(obj: models.Model) -> Onderwerp:
    """Return the subject key of an object that has totals."""
    soorten: dict[type[models.Model], str] = {
        Oproep: Stand.Soort.OPROEP,
        Luik: Stand.Soort.LUIK,
        Ronde: Stand.Soort.RONDE,
        Dossier: Stand.Soort.DOSSIER,
        Krediet: Stand.Soort.KREDIET,
    }
    return (soorten[type(obj)], obj.pk)


def zet_limiet(
    obj: models.Model,
    limiet_cent: int | None,
    betaalkrediet_cent: int | None = None,
    *,
    gebeurtenis: Gebeurtenis,
    referentie: str = "",
) -> Stand:
    """Set what may be committed on a subject (and charged, for a credit), inside an act, and keep what was set.

    referentie: of the outside decision that sets it. Raises Weigering(limiet_te_laag) when more is booked already.
    """
    stand = vergrendel_standen([onderwerp(obj)])[onderwerp(obj)]
    eis_limiet(stand, limiet_cent, betaalkrediet_cent)
    stand.limiet_cent = limiet_cent
    stand.betaalkrediet_cent = betaalkrediet_cent
    stand.save(update_fields=["limiet_cent", "betaalkrediet_cent"])
    Limietregel.objects.create(
        soort=stand.soort,
        sleutel=stand.sleutel,
        limiet_cent=limiet_cent,
        betaalkrediet_cent=betaalkrediet_cent,
        feitdatum=klok.vandaag(),
        geboekt_op=klok.nu(),
        referentie=referentie,
        gebeurtenis=gebeurtenis,
        nagespeeld=klok.nagespeeld(),
    )
    return stand


def eis_limiet(stand: Stand, limiet_cent: int | None, betaalkrediet_cent: int | None) -> None:
    """Raise Weigering(limiet_te_laag) when more is booked on a subject than these limits, in cents."""
    if stand.besteed_cent > (limiet_cent or 0):
        zin = f"Er is al {euro_tekst(stand.besteed_cent)} gereserveerd of vastgelegd; lager kan niet."
        raise Weigering("limiet_te_laag", zin, "limiet")
    is_krediet = stand.soort == Stand.Soort.KREDIET
    if is_krediet and stand.vereffend_cent > (betaalkrediet_cent or 0):
        raise Weigering(
            "limiet_te_laag", f"Er is al {euro_tekst(stand.vereffend_cent)} vereffend; lager kan niet.", "betaalkrediet"
        )


def boek(boekingen: Iterable[Boeking]) -> list[Journaalregel]:
    """Book, all or nothing, inside an act.

    Raises Weigering: geen_krediet, boven_budget, boven_vastleggingskrediet, boven_vastlegging,
    boven_betaalkrediet, boven_vereffening, boven_terugvordering, onder_nul, jaar_afgesloten.
    """
    kredieten: dict[tuple[int, int], Krediet] = {}
    regels = [_regel(boeking, kredieten) for boeking in boekingen]
    deltas: dict[Onderwerp, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for regel in regels:
        beweging = bewegingen(regel.soort, regel.bedrag_cent, regel.krediet.jaar, regel.feitdatum.year)
        for sleutel in _onderwerpen(regel):
            for naam, cent in beweging.items():
                deltas[sleutel][naam] += cent
    # A booking holds the credit of its year, and so keeps that year from closing; one on another credit does not.
    andere = {r.feitdatum.year for r in regels if r.krediet.jaar != r.feitdatum.year}
    sloten.neem(Begrotingsjaar, [begrotingsjaar(jaar).pk for jaar in andere])
    standen = vergrendel_standen(deltas)
    eis_open_jaren({r.feitdatum.year for r in regels} | {r.krediet.jaar for r in regels if r.soort in GEBRUIKT_KREDIET})
    for sleutel, delta in deltas.items():
        _pas_toe(standen[sleutel], delta)
    return Journaalregel.objects.bulk_create(regels)


def bewegingen(soort: str, bedrag_cent: int, begrotingsjaar: int, feitjaar: int) -> dict[str, int]:
    """Return which totals a booking moves, and by how much: the one rule of the ledger and of its recount."""
    beweging = {KOLOM[Soort(soort)]: bedrag_cent}
    if soort == Soort.ANNULERING and feitjaar > begrotingsjaar:
        beweging["vervallen"] = -bedrag_cent
    return beweging


def begrotingsjaar(jaar: int) -> Begrotingsjaar:
    """Return the row of a budget year, made when it does not exist."""
    return Begrotingsjaar.objects.get_or_create(jaar=jaar)[0]


def laatst_afgesloten() -> int | None:
    """Return the last closed budget year; every year before it is closed too, also one that had no credit."""
    dicht = Begrotingsjaar.objects.filter(status=Begrotingsjaar.Status.AFGESLOTEN).order_by("-jaar")
    return dicht.values_list("jaar", flat=True).first()


def eis_open_jaren(jaren: Iterable[int]) -> None:
    """Raise Weigering(jaar_afgesloten) when one of these years is closed; asked under the locks of `boek`."""
    laatste = laatst_afgesloten()
    dicht = min((jaar for jaar in jaren if laatste is not None and jaar <= laatste), default=None)
    if dicht is not None:
        raise Weigering("jaar_afgesloten", f"Het begrotingsjaar {dicht} is afgesloten; er kan niets op geboekt worden.")


def jaar_van_vereffening(betaling: Betaling) -> int | None:
    """Return the budget year of the credit that a payment was charged on; None when it was not charged."""
    regels = Journaalregel.objects.filter(betaling=betaling, soort=Soort.VEREFFENING, terugvordering=None)
    return regels.order_by("-pk").values_list("krediet__jaar", flat=True).first()


def laatste_uitbetaling(betaling: Betaling) -> Journaalregel:
    """Return the booking that paid a payment last, with its credit; not what was set off. It must have been paid."""
    regels = Journaalregel.objects.filter(
        betaling=betaling, soort=Soort.UITBETALING, bedrag_cent__gt=0, terugvordering=None
    )
    return regels.select_related("krediet").order_by("-pk")[0]


def open_per_jaar(dossiers: Iterable[int], soorten: Iterable[str]) -> dict[int, dict[int, int]]:
    """Return what these kinds add up to per dossier and budget year, in cents, without what is zero.

    soorten: GERESERVEERD or VASTGELEGD.
    """
    regels = Journaalregel.objects.filter(dossier__in=dossiers, soort__in=soorten).order_by()
    uit: dict[int, dict[int, int]] = defaultdict(dict)
    for dossier, jaar, som in regels.values_list("dossier_id", "krediet__jaar").annotate(som=models.Sum("bedrag_cent")):
        if som:
            uit[dossier][jaar] = som
    return uit


def vrijgaven(dossiers: Iterable[Dossier], datum: date, gebeurtenissen: dict[int, Gebeurtenis]) -> list[Boeking]:
    """Return the bookings that release all that is reserved on these dossiers; gebeurtenissen: by key of dossier."""
    per_sleutel = {dossier.pk: dossier for dossier in dossiers}
    gereserveerd = open_per_jaar(per_sleutel, GERESERVEERD)
    return [
        Boeking(Soort.VRIJGAVE, -cent, per_sleutel[pk], datum, gebeurtenissen[pk], begrotingsjaar=jaar)
        for pk, per_jaar in sorted(gereserveerd.items())
        for jaar, cent in sorted(per_jaar.items())
    ]


def vergrendel_standen(onderwerpen: Iterable[Onderwerp]) -> dict[Onderwerp, Stand]:
    """Lock the totals of these subjects in order, making those that do not exist yet, and return them."""
    return {(rij.soort, rij.sleutel): rij for rij in sloten.neem(Stand, standsleutels(onderwerpen))}


def standsleutels(onderwerpen: Iterable[Onderwerp]) -> list[int]:
    """Return the keys of the Stand rows of these subjects, making those that do not exist yet; locks nothing."""
    gevraagd = set(onderwerpen)
    bestaand = {(rij.soort, rij.sleutel) for rij in _standen(gevraagd)}
    if gevraagd - bestaand:
        nieuw = [Stand(soort=soort, sleutel=sleutel) for soort, sleutel in sorted(gevraagd - bestaand)]
        Stand.objects.bulk_create(nieuw, ignore_conflicts=True)
    return [rij.pk for rij in _standen(gevraagd)]


def onderwerpen_van(dossier: Dossier, jaar: int) -> list[Onderwerp]:
    """Return the five subjects that a booking of a dossier in a year moves. Raises Weigering(geen_krediet)."""
    return sorted(onderwerpen([(dossier, jaar)]))


def onderwerpen(paren: Iterable[tuple[Dossier, int]]) -> set[Onderwerp]:
    """Return the subjects that bookings of these dossiers in these years move. Raises Weigering(geen_krediet)."""
    uit: set[Onderwerp] = set()
    luiken: dict[tuple[int, int], Luik] = {}
    for dossier, jaar in paren:
        luik = luiken[dossier.ronde.luik_id, jaar] = dossier.ronde.luik
        uit |= {
            (Stand.Soort.OPROEP, luik.oproep_id),
            (Stand.Soort.LUIK, luik.pk),
            (Stand.Soort.RONDE, dossier.ronde_id),
            (Stand.Soort.DOSSIER, dossier.pk),
        }
    return uit | {(Stand.Soort.KREDIET, krediet_voor(luik, jaar).pk) for (_, jaar), luik in luiken.items()}


def _regel(boeking: Boeking, kredieten: dict[tuple[int, int], Krediet]) -> Journaalregel:
    ronde = boeking.dossier.ronde
    plaats = (ronde.luik_id, boeking.jaar)
    if plaats not in kredieten:
        kredieten[plaats] = krediet_voor(ronde.luik, boeking.jaar)
    return Journaalregel(
        soort=boeking.soort,
        bedrag_cent=boeking.bedrag_cent,
        oproep_id=ronde.luik.oproep_id,
        luik_id=ronde.luik_id,
        ronde_id=ronde.pk,
        dossier=boeking.dossier,
        krediet=kredieten[plaats],
        betaling=boeking.betaling,
        terugvordering=boeking.terugvordering,
        feitdatum=boeking.feitdatum,
        geboekt_op=klok.nu(),
        gebeurtenis=boeking.gebeurtenis,
        nagespeeld=klok.nagespeeld(),
    )


def _onderwerpen(regel: Journaalregel) -> list[Onderwerp]:
    return [
        (Stand.Soort.OPROEP, regel.oproep_id),
        (Stand.Soort.LUIK, regel.luik_id),
        (Stand.Soort.RONDE, regel.ronde_id),
        (Stand.Soort.DOSSIER, regel.dossier_id),
        (Stand.Soort.KREDIET, regel.krediet_id),
    ]


def _standen(onderwerpen: set[Onderwerp]) -> models.QuerySet[Stand]:
    per_soort: dict[str, list[int]] = defaultdict(list)
    for soort, sleutel in onderwerpen:
        per_soort[soort].append(sleutel)
    zoek = models.Q(pk__in=[])
    for soort, sleutels in per_soort.items():
        zoek |= models.Q(soort=soort, sleutel__in=sleutels)
    return Stand.objects.filter(zoek)


def _pas_toe(stand: Stand, delta: dict[str, int]) -> None:
    for naam, cent in delta.items():
        setattr(stand, f"{naam}_cent", getattr(stand, f"{naam}_cent") + cent)
    _eis_grenzen(stand, delta)
    stand.save(update_fields=[f"{naam}_cent" for naam in delta])


def _eis_grenzen(stand: Stand, delta: dict[str, int]) -> None:
    for naam, cent in delta.items():
        over = getattr(stand, f"{naam}_cent")
        if over < 0:
            staat = f"op {_wie(stand)} staat {euro_tekst(over - cent)} {naam}"
            raise Weigering("onder_nul", f"Dit kan niet: {staat}; {euro_tekst(-cent)} kan er niet af.")
    is_krediet = stand.soort == Stand.Soort.KREDIET
    besteed = stand.besteed_cent
    nieuw = delta.get("gereserveerd", 0) + delta.get("vastgelegd", 0)
    if nieuw > 0 and besteed > (stand.limiet_cent or 0):
        code = "boven_vastleggingskrediet" if is_krediet else "boven_budget"
        raise Weigering(
            code, _te_veel(_waarvan(stand, "vastleggingskrediet"), stand.limiet_cent, besteed - nieuw, nieuw)
        )
    if stand.ontvangen_cent > stand.teruggevorderd_cent:
        zin = _over(stand, "terugvordering", stand.teruggevorderd_cent, "ontvangen", delta)
        raise Weigering("boven_terugvordering", zin)
    if is_krediet:
        if delta.get("vereffend", 0) > 0 and stand.vereffend_cent > (stand.betaalkrediet_cent or 0):
            al = stand.vereffend_cent - delta["vereffend"]
            zin = _te_veel(_waarvan(stand, "betaalkrediet"), stand.betaalkrediet_cent, al, delta["vereffend"])
            raise Weigering("boven_betaalkrediet", zin)
        return
    if stand.vereffend_cent > stand.vastgelegd_cent:
        zin = _over(stand, "vastlegging", stand.vastgelegd_cent, "vereffend", delta)
        raise Weigering("boven_vastlegging", zin)
    if stand.uitbetaald_cent > stand.vereffend_cent:
        zin = _over(stand, "vereffening", stand.vereffend_cent, "uitbetaald", delta)
        raise Weigering("boven_vereffening", zin)


def _over(stand: Stand, wat: str, grens: int, naam: str, delta: dict[str, int]) -> str:
    waarvan, nu, nieuw = _waarvan(stand, wat), getattr(stand, f"{naam}_cent"), delta.get(naam, 0)
    if nieuw > 0:
        return _te_veel(waarvan, grens, nu - nieuw, nieuw)
    return f"Dit kan niet: {waarvan} kan niet dalen tot {euro_tekst(grens)}, want er is al {euro_tekst(nu)} {naam}."


def _waarvan(stand: Stand, wat: str) -> str:
    if wat in {"vastlegging", "vereffening", "terugvordering"}:
        return f"de {wat} van {_wie(stand)}"
    if stand.soort == Stand.Soort.KREDIET:
        krediet = Krediet.objects.select_related("artikel").get(pk=stand.sleutel)
        machtiging = wat == "vastleggingskrediet" and krediet.aard == Krediet.Aard.MACHTIGING
        naam = "de vastleggingsmachtiging" if machtiging else f"het {wat}"
        return f"{naam} {krediet.jaar} van artikel {krediet.artikel.code}"
    if stand.soort == Stand.Soort.DOSSIER:
        return "het toegekende bedrag van het dossier"
    return f"het budget van {_wie(stand)}"


def _wie(stand: Stand) -> str:
    if stand.soort == Stand.Soort.KREDIET:
        return f"het krediet {Krediet.objects.select_related('artikel').get(pk=stand.sleutel)}"
    return f"{'het' if stand.soort in {'dossier', 'luik'} else 'de'} {stand.soort}"


def _te_veel(waarvan: str, limiet: int | None, al: int, nieuw: int) -> str:
    if limiet is None:
        return f"Dit kan niet: {waarvan} is niet ingevuld, dus er kan niets op vastgelegd worden."
    vrij = max(limiet - al, 0)
    return (
        f"Dit gaat over {waarvan}: nog {euro_tekst(vrij)} vrij van {euro_tekst(limiet)}, gevraagd {euro_tekst(nieuw)}."
    )


def artikel(code: str, naam: str) -> Begrotingsartikel:
    """Return the budget article with this code, made when it does not exist."""
    return Begrotingsartikel.objects.get_or_create(code=code, defaults={"naam": naam})[0]


def journaaltotalen() -> dict[Onderwerp, dict[str, int]]:
    """Return the totals of every subject as the journal has them, for `manage.py controleer`."""
    totalen: dict[Onderwerp, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AANTALLEN, 0))
    velden = {"oproep": "oproep_id", "luik": "luik_id", "ronde": "ronde_id", "dossier": "dossier_id"}
    for soort, veld in {**velden, "krediet": "krediet_id"}.items():
        per = Journaalregel.objects.values_list(veld, "soort", "krediet__jaar", ExtractYear("feitdatum"))
        for sleutel, boeking, jaar, feitjaar, som in per.annotate(som=models.Sum("bedrag_cent")).order_by():
            for naam, cent in bewegingen(boeking, som, jaar, feitjaar).items():
                totalen[(soort, sleutel)][naam] += cent
    return totalen
