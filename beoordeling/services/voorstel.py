"""The proposal for decision: rank, draft, reserve; and later the same from the reserve list."""

from collections.abc import Iterable, Sequence

from beoordeling import deminimis, queries, rechten
from beoordeling.models import Besluit, Besluitregel, Juryadvies
from beoordeling.rangschikking import Kandidaat, rangschik
from beoordeling.scores import score_tekst
from betalingen import grootboek
from betalingen.grootboek import Boeking
from betalingen.models import Begrotingsjaar, Journaalregel
from dossiers.models import Dossier
from kern import ketens, klok, sloten
from kern.weg import blokkade_van, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Ronde
from organisaties.models import Gebruiker

Uitkomst = Besluitregel.Uitkomst


@handeling("ronde.stel_voor", "Rangschikking opmaken en voordragen", mag=rechten.mag_voorstellen)
def stel_voor(ronde: Ronde, *, door: Gebruiker, begrotingsjaar: int | None = None) -> Besluit:
    """Rank a judged round by its published rule, draft the decision, and reserve what it proposes to award.

    The money is reserved until the decision is signed or the proposal sent back, on the credit of the year in which
    the decision is expected: begrotingsjaar, this year or the next (left out: the first with a credit).
    Raises Weigering: verkeerde_status, jaar_onmogelijk, dossiers_open, adviezen_open, niets_te_beslissen,
    budget_ontbreekt, geen_krediet, boven_deminimis.
    """
    blokkade = blokkade_van(ronde, "stel_voor")
    if blokkade is not None:
        raise blokkade
    open_dossiers = ronde.dossiers.filter(status__in=[Dossier.Status.CONCEPT, Dossier.Status.INGEDIEND])
    eis(
        not open_dossiers.exists(), "dossiers_open", "Nog niet elk ingediend dossier is op ontvankelijkheid beoordeeld."
    )
    ontvankelijk = ronde.dossiers.filter(status=Dossier.Status.ONTVANKELIJK)
    eis(ontvankelijk.exists(), "niets_te_beslissen", "Deze ronde heeft geen ontvankelijke dossiers.")
    jaar = _jaar(ronde, begrotingsjaar)
    besluit = _vergrendel_laatste(ronde)
    beschikbaar = _vergrendel_beschikbaar(ronde, jaar, ontvankelijk.values_list("pk", flat=True))
    dossiers = _vergrendel_dossiers(ronde, ontvankelijk.values_list("pk", flat=True))
    adviezen = {a.dossier_id: a for a in Juryadvies.objects.filter(dossier__in=dossiers, status="vastgesteld")}
    zonder = len(dossiers) - len(adviezen)
    eis(not zonder, "adviezen_open", f"Het juryadvies ontbreekt nog voor {zonder} van de {len(dossiers)} dossiers.")
    nummers = dict(ronde.indieningen.order_by("volgnummer").values_list("dossier_id", "ontvangstnummer"))
    plaatsen = rangschik(
        (
            Kandidaat(
                pk, adviezen[pk].score_honderdsten, nummers[pk], dossier.gevraagd_cent or 0, dossier.hoogstens_cent
            )
            for pk, dossier in dossiers.items()
        ),
        minimumscore=ronde.minimumscore,
        beschikbaar_cent=beschikbaar,
        reservelijst=ronde.reservelijst,
    )
    besluit = _ontwerp(ronde, besluit, door)
    regels = [
        Besluitregel(
            besluit=besluit,
            dossier_id=plaats.dossier,
            rang=plaats.rang,
            score_honderdsten=plaats.score_honderdsten,
            uitkomst=plaats.uitkomst,
            bedrag_cent=plaats.bedrag_cent,
            reserveplaats=plaats.reserveplaats,
            motivering=_motivering(
                dossiers[plaats.dossier], adviezen[plaats.dossier], plaats.uitkomst, _reden(ronde, plaats.uitkomst)
            ),
        )
        for plaats in plaatsen
    ]
    _eis_deminimis(ronde, regels, dossiers)
    ketens.vergrendel([ronde, besluit, *_voorgedragen(regels, dossiers)])
    voer_uit(ronde, "stel_voor", door=door, inhoud={"beschikbaar_cent": beschikbaar})
    _leg_voorstel_vast(besluit, regels, dossiers, jaar, door)
    return besluit


@handeling("ronde.stel_reserve_voor", "Toekennen uit de reservelijst", mag=rechten.mag_voorstellen)
def stel_reserve_voor(
    ronde: Ronde, *, door: Gebruiker, begrotingsjaar: int | None = None, afsluiten: bool = False
) -> Besluit:
    """Draft a decision that awards from the top of the reserve list what fits in the budget that came free.

    The order is that of the ranking, without skipping, and the amount is what was asked, or less where that was set (to
    nothing: refused). afsluiten: the list ends with this decision, which refuses whatever does not fit. Money is
    reserved as by `stel_voor`.
    Raises Weigering: verkeerde_status, besluit_loopt, reserve_leeg, reserve_past_niet, jaar_onmogelijk,
    budget_ontbreekt, geen_krediet, boven_deminimis.
    """
    lijst = queries.reservelijst(ronde)
    blokkade = queries.blokkade_reserve(ronde, ronde.besluiten.all(), lijst)
    if blokkade is not None:
        raise blokkade
    jaar = _jaar(ronde, begrotingsjaar)
    besluit = _vergrendel_laatste(ronde)
    # A list can be closed when there is no money at all.
    geen_krediet = afsluiten and not queries.jaren_met_krediet(ronde)
    sleutels = [regel.dossier_id for regel in lijst]
    beschikbaar = 0 if geen_krediet else _vergrendel_beschikbaar(ronde, jaar, sleutels)
    dossiers = _vergrendel_dossiers(ronde, sleutels)
    passend = queries.passend_uit_reserve(lijst, beschikbaar)
    if not (passend or afsluiten):
        raise queries.reserve_past_niet(lijst[0], beschikbaar)
    besluit = _ontwerp(ronde, besluit, door)
    adviezen = {a.dossier_id: a for a in Juryadvies.objects.filter(dossier__in=dossiers)}
    regels = [
        _uit_reserve(besluit, regel, dossiers[regel.dossier_id], adviezen[regel.dossier_id], past=regel in passend)
        for regel in (lijst if afsluiten else passend)
    ]
    _eis_deminimis(ronde, regels, dossiers)
    ketens.vergrendel([ronde, besluit, *_voorgedragen(regels, dossiers)])
    inhoud = {"beschikbaar_cent": beschikbaar, "afsluiten": afsluiten}
    noteer(ronde, door=door, van=ronde.status, naar=ronde.status, inhoud=inhoud)
    _leg_voorstel_vast(besluit, regels, dossiers, jaar, door)
    return besluit


def _uit_reserve(
    besluit: Besluit, regel: Besluitregel, dossier: Dossier, advies: Juryadvies, *, past: bool
) -> Besluitregel:
    bedrag = dossier.toe_te_kennen_cent
    uitkomst = Uitkomst.TOEKENNING if past else Uitkomst.WEIGERING_KREDIET
    uitkomst = uitkomst if bedrag else Uitkomst.WEIGERING_BEDRAG
    return Besluitregel(
        besluit=besluit,
        dossier=dossier,
        rang=regel.rang,
        score_honderdsten=regel.score_honderdsten,
        uitkomst=uitkomst,
        bedrag_cent=bedrag if past else 0,
        motivering=_motivering(dossier, advies, uitkomst, _reservereden(regel, uitkomst)),
    )


def _jaar(ronde: Ronde, begrotingsjaar: int | None) -> int:
    dit_jaar = klok.vandaag().year
    jaar = begrotingsjaar or next(iter(queries.jaren_met_krediet(ronde)), dit_jaar)
    zin = f"Het besluit valt in {dit_jaar} of {dit_jaar + 1}."
    eis(jaar in {dit_jaar, dit_jaar + 1}, "jaar_onmogelijk", zin, "begrotingsjaar")
    return jaar


def _vergrendel_laatste(ronde: Ronde) -> Besluit | None:
    laatste = ronde.besluiten.last()
    return None if laatste is None else sloten.neem_een(Besluit, laatste.pk)


def _vergrendel_beschikbaar(ronde: Ronde, jaar: int, dossiers: Iterable[int]) -> int:
    """Lock what the awards of a round will move, and return what may be awarded: the least of budgets and credit."""
    krediet = grootboek.krediet_voor(ronde.luik, jaar)
    sloten.neem_een(Begrotingsjaar, grootboek.begrotingsjaar(klok.vandaag().year).pk)
    grenzen = [grootboek.onderwerp(o) for o in (ronde, ronde.luik, ronde.luik.oproep, krediet)]
    per_dossier = [grootboek.onderwerp(dossier) for dossier in Dossier.objects.filter(pk__in=list(dossiers))]
    standen = grootboek.vergrendel_standen([*grenzen, *per_dossier])
    return queries.minst_vrij([standen[grens] for grens in grenzen])


def _vergrendel_dossiers(ronde: Ronde, sleutels: Iterable[int]) -> dict[int, Dossier]:
    dossiers = {d.pk: d for d in sloten.neem(Dossier, sleutels)}
    for dossier in dossiers.values():
        dossier.ronde = ronde  # read along; spares two queries per dossier
    return dossiers


def _ontwerp(ronde: Ronde, laatste: Besluit | None, door: Gebruiker) -> Besluit:
    """Return the decision to draft: a new one, or the one sent back without its lines, which stand in its chain."""
    if laatste is None or laatste.status != Besluit.Status.TERUGGESTUURD:
        return Besluit.objects.create(
            ronde=ronde,
            volgnummer=laatste.volgnummer + 1 if laatste else 1,
            beslisser=ronde.luik.beslisser,
            opgesteld_door=door,
            opgesteld_op=klok.nu(),
        )
    laatste.regels.all().delete()
    laatste.beslisser, laatste.opgesteld_door, laatste.opgesteld_op = ronde.luik.beslisser, door, klok.nu()
    return laatste


def _voorgedragen(regels: Iterable[Besluitregel], dossiers: dict[int, Dossier]) -> list[Dossier]:
    return [dossiers[regel.dossier_id] for regel in regels if regel.uitkomst == Uitkomst.TOEKENNING]


def _eis_deminimis(ronde: Ronde, regels: Iterable[Besluitregel], dossiers: dict[int, Dossier]) -> None:
    bedragen = {dossiers[r.dossier_id]: r.bedrag_cent for r in regels if r.uitkomst == Uitkomst.TOEKENNING}
    deminimis.eis_onder_plafond(ronde.luik, bedragen, klok.vandaag(), deminimis.UITWEG_VOORSTEL)


def _leg_voorstel_vast(
    besluit: Besluit, regels: Sequence[Besluitregel], dossiers: dict[int, Dossier], jaar: int, door: Gebruiker
) -> None:
    """Write the lines of a draft, its event, and the reservation of every award, inside an act."""
    Besluitregel.objects.bulk_create(regels)
    inhoud = {"regels": [_regelinhoud(regel) for regel in regels]}
    if besluit.status == Besluit.Status.TERUGGESTUURD:
        voer_uit(besluit, "stel_opnieuw_op", door=door, inhoud=inhoud)
    else:
        noteer(besluit, door=door, naar=besluit.status, inhoud=inhoud)
    bedragen = {regel.dossier_id: regel.bedrag_cent for regel in regels}
    voorgedragen = sorted(_voorgedragen(regels, dossiers), key=lambda dossier: dossier.pk)
    grootboek.boek(_reserveer(dossier, bedragen[dossier.pk], jaar, door) for dossier in voorgedragen)


def _reserveer(dossier: Dossier, bedrag_cent: int, jaar: int, door: Gebruiker) -> Boeking:
    feit = voer_uit(dossier, "draag_voor", door=door, inhoud={"bedrag_cent": bedrag_cent})
    grootboek.zet_limiet(dossier, bedrag_cent, gebeurtenis=feit)
    soort = Journaalregel.Soort.RESERVERING
    return Boeking(soort, bedrag_cent, dossier, klok.vandaag(), feit, begrotingsjaar=jaar)


_NIETS = "Er kan niets aan toegekend worden."


def _reden(ronde: Ronde, uitkomst: str) -> str:
    op = "Het dossier haalt de minimumscore, maar het budget is opgebruikt door hoger gerangschikte dossiers."
    return {
        Uitkomst.TOEKENNING.value: "Het dossier haalt de minimumscore en past in volgorde van rangschikking in het "
        "budget.",
        Uitkomst.RESERVE.value: f"{op} Het staat daarom op de reservelijst.",
        Uitkomst.WEIGERING_KWALITEIT.value: f"De minimumscore is {ronde.minimumscore}.",
        Uitkomst.WEIGERING_KREDIET.value: op,
        Uitkomst.WEIGERING_BEDRAG.value: f"Het dossier haalt de minimumscore. {_NIETS}",
    }[uitkomst]


def _reservereden(regel: Besluitregel, uitkomst: str) -> str:
    stond = f"Het dossier haalt de minimumscore en stond op plaats {regel.reserveplaats} van de reservelijst."
    if uitkomst == Uitkomst.WEIGERING_BEDRAG:
        return f"{stond} {_NIETS}"
    if uitkomst == Uitkomst.TOEKENNING:
        return f"{stond} Er kwam genoeg budget vrij."
    return f"{stond} De reservelijst is afgesloten en er kwam niet genoeg budget vrij."


def _motivering(dossier: Dossier, advies: Juryadvies, uitkomst: str, reden: str) -> str:
    alineas = [f"De jury gaf het dossier {score_tekst(advies.score_honderdsten)} op 100. {reden}"]
    if dossier.hoogstens_motivering and uitkomst in {Uitkomst.TOEKENNING, Uitkomst.WEIGERING_BEDRAG}:
        alineas.append(f"Waarom minder dan gevraagd: {dossier.hoogstens_motivering}")
    return "\n\n".join([*alineas, f"Juryadvies: {advies.motivering}"])


def _regelinhoud(regel: Besluitregel) -> dict[str, object]:
    inhoud: dict[str, object] = {
        "dossier": regel.dossier_id,
        "rang": regel.rang,
        "score_honderdsten": regel.score_honderdsten,
        "uitkomst": regel.uitkomst,
        "bedrag_cent": regel.bedrag_cent,
    }
    return inhoud | ({"reserveplaats": regel.reserveplaats} if regel.reserveplaats else {})
