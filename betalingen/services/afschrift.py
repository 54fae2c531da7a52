"""Statements: read outside the transaction, matched, and booked by the bodies of the ordinary acts; all or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from betalingen import grootboek, rechten
from betalingen.bank import camt, koppel, mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.interest import nog_open
from betalingen.models import (
    Afschrift,
    Afschriftregel,
    Bankregel,
    Betaling,
    Rekening,
    Terugvordering,
)
from betalingen.services.betaling import boek_uitbetaald
from betalingen.services.geldsloten import sloten_voor
from betalingen.services.terugkeer import boek_geweigerd
from betalingen.services.terugvordering.herroeping import te_herroepen
from betalingen.services.terugvordering.ontvangst import Bron, boek_ontvangst
from dossiers.rechten import is_aanvrager
from kern import ketens, klok, sloten
from kern.geld import euro_tekst
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from organisaties.models import Gebruiker

Status = Afschriftregel.Status
Soort = koppel.Soort
Boekbaar = Betaling | Terugvordering
# What is announced comes first, and what leaves before what comes back.
VOLGORDE = (Soort.GEWEIGERD, Soort.BETAALD, Soort.TERUGGESTORT, Soort.ONTVANGST)
# What is kept of a line under the name that it has in the file.
BEWAARD: tuple[str, ...] = (
    "sleutel",
    "plaats",
    "boekdatum",
    "bedrag_cent",
    "end_to_end_id",
    "ogm",
    "tegenpartij",
    "tegenrekening",
)
BEWAARD += ("tekst", "reden", "reden_tekst", "omgekeerd", "bericht_id", "blok_id")


@dataclass(frozen=True)
class Ingelezen:
    """What reading a file did: lines by state, how many were known, and how many of earlier files were booked now."""

    bekend: int
    per_status: dict[str, int]
    alsnog: int = 0
    afschrift: int | None = None

    @property
    def nieuw(self) -> int:
        """Return the number of new lines."""
        return sum(self.per_status.values())


def lees_afschrift(inhoud: bytes, *, door: Gebruiker) -> Ingelezen:
    """Read a file of the bank and book what needs no person; a second time changes nothing.

    Raises Weigering: what `camt.lees` raises, meer_rekeningen, onbekende_rekening, and what `lees_in` raises.
    """
    bestand = camt.lees(inhoud)
    rekening = _rekening_van(bestand)
    if not rechten.mag_afschrift_inlezen(door, rekening):
        raise GeenRecht
    nieuw = _nieuwe_regels(bestand.regels)
    bekend = len(bestand.regels) - len(nieuw)
    sha256 = hashlib.sha256(inhoud).hexdigest()
    if not nieuw and (bekend or Afschrift.objects.filter(sha256=sha256).exists()):
        return Ingelezen(bekend, {})
    verwacht = _koppel(rekening, nieuw)
    uit: Ingelezen = lees_in(rekening, bestand=bestand, sha256=sha256, verwacht=verwacht, door=door)
    return uit


def _tel(regels: Iterable[Afschriftregel]) -> dict[str, int]:
    per_status: dict[str, int] = {}
    for regel in regels:
        per_status[regel.status] = per_status.get(regel.status, 0) + 1
    return per_status


def _rekening_van(bestand: camt.Afschrift) -> Rekening:
    ibans = sorted({uittreksel.iban for uittreksel in bestand.uittreksels})
    zin = "Dit bestand bevat afschriften van meer dan één rekening. Lees ze een voor een in."
    eis(len(ibans) == 1, "meer_rekeningen", zin, "bestand")
    rekening = Rekening.objects.filter(iban=ibans[0]).order_by("-pk").first()
    if rekening is None:
        raise Weigering(
            "onbekende_rekening",
            f"Rekening {ibans[0]} is van geen enkele verstrekker. Een beheerder vult ze in bij Beheer, Rekeningen van "
            "verstrekkers.",
            "bestand",
        )
    return rekening


def _nieuwe_regels(regels: Sequence[camt.Regel]) -> list[camt.Regel]:
    sleutels = {sleutel for regel in regels for sleutel in (regel.sleutel, regel.oude_sleutel)}
    bekend = set(Bankregel.objects.filter(sleutel__in=sleutels).values_list("sleutel", "boekdatum"))
    # What was read before keys held the day, bears the old one.
    return [r for r in regels if not bekend & {(r.sleutel, r.boekdatum), (r.oude_sleutel, r.boekdatum)}]


def _koppel(rekening: Rekening, nieuw: Sequence[camt.Regel]) -> list[koppel.Koppeling]:
    """Match new lines, and with them what is still open of earlier files."""
    regels = [*_nog_open(rekening), *nieuw]
    koppelingen = koppel.koppel(regels, [*openstaand(rekening), *terug_te_krijgen(rekening, regels)])
    return koppel.alleen_open_jaren(koppelingen, grootboek.laatst_afgesloten())


def _nog_open(rekening: Rekening) -> list[camt.Regel]:
    """Return the lines of earlier files that a new one can settle.

    Only those whose payments still stand in an order of before the line: one that came back and left again since
    bears the same communication, and is another payment. What a person took back waits for a person.
    """
    rijen = Afschriftregel.objects.filter(
        regel__afschrift__rekening__iban=rekening.iban, status__in=(Status.VOORSTEL, Status.OPEN), herroepen=False
    )
    rijen = rijen.select_related("regel").prefetch_related("betalingen__opdracht").order_by("pk")
    return [als_regel(rij.regel) for rij in rijen if _nog_dezelfde(rij)]


def _nog_dezelfde(uitkomst: Afschriftregel) -> bool:
    betalingen = list(uitkomst.betalingen.all())
    return bool(betalingen) and all(
        b.opdracht is not None and b.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date() <= uitkomst.regel.boekdatum
        for b in betalingen
    )


def als_regel(regel: Bankregel) -> camt.Regel:
    """Return a line that was stored as the reader gave it."""
    velden = {naam: getattr(regel, naam) for naam in BEWAARD}
    return camt.Regel(**velden, valutadatum=None, status=camt.Status(regel.bankstatus))


def openstaand(rekening: Rekening) -> list[koppel.Openstaand]:
    """Return the payments of a granter that left, paid or not, as the matching wants them."""
    rijen = _vertrokken(rekening.verstrekker)
    met_regel = _betaald_volgens_de_bank(rijen)
    return [_post(rij, met_de_hand=(rij.pk, rij.uitbetaald_op) not in met_regel) for rij in rijen]


def _vertrokken(verstrekker: str) -> list[Betaling]:
    rijen = Betaling.objects.filter(status__in=Betaling.VERTROKKEN, opdracht__oproep__verstrekker=verstrekker)
    rijen = rijen.filter(opdracht__extern=False)  # what an outside system pays, it reports itself
    return list(rijen.select_related("opdracht").order_by("pk"))


def _betaald_volgens_de_bank(rijen: Iterable[Betaling]) -> set[tuple[int, date]]:
    """Return the payments with the day on which a line of a statement says that each left."""
    tussen = Afschriftregel.betalingen.through.objects.filter(
        betaling__in=[rij.pk for rij in rijen if rij.uitbetaald_op],
        afschriftregel__status=Status.VERWERKT,
        afschriftregel__regel__bedrag_cent__lt=0,
    )
    return set(tussen.values_list("betaling_id", "afschriftregel__regel__boekdatum"))


def _post(betaling: Betaling, *, met_de_hand: bool) -> koppel.Openstaand:
    nummer, dag = str(betaling.opdracht), betaling.uitbetaald_op
    return koppel.Openstaand(
        post=koppel.Post.BETALING,
        sleutel=betaling.pk,
        bedrag_cent=betaling.bedrag_cent,
        iban=betaling.iban,
        end_to_end_id=end_to_end_id(nummer, betaling.pk),
        ogm=mededeling.maak(betaling.pk),
        opdracht=nummer,
        betaald=betaling.status == Betaling.Status.UITBETAALD,
        met_de_hand=((dag, betaling.bedrag_cent),) if dag and met_de_hand else (),
    )


def terug_te_krijgen(rekening: Rekening, regels: Iterable[camt.Regel]) -> list[koppel.Openstaand]:
    """Return the recoveries that a granter notified, with what is due, as the matching wants them.

    Interest grows by the day: of a recovery that lines name, what was due on the first of their days counts. What is
    paid above that is for a person.
    """
    eerste: dict[str, date] = {}
    for regel in regels:
        eerste[regel.ogm] = min(regel.boekdatum, eerste.get(regel.ogm, regel.boekdatum))
    rijen = Terugvordering.objects.filter(
        kennisgegeven_op__isnull=False, dossier__ronde__luik__oproep__verstrekker=rekening.verstrekker
    )
    rijen = rijen.select_related("dossier").prefetch_related("ontvangsten").order_by("pk")
    return [_terug(rij, mededeling.maak(rij.pk, mededeling.Reeks.TERUGVORDERING), eerste) for rij in rijen]


def _terug(rij: Terugvordering, ogm: str, eerste: dict[str, date]) -> koppel.Openstaand:
    return koppel.Openstaand(
        post=koppel.Post.TERUGVORDERING,
        sleutel=rij.pk,
        bedrag_cent=nog_open(rij, eerste.get(ogm, klok.vandaag())),
        iban=rij.dossier.iban if rij.status in Terugvordering.OPEN else "",
        ogm=ogm,
        met_de_hand=tuple((o.datum, o.bedrag_cent) for o in te_herroepen(rij)),
    )


def van_soort(posten: Iterable[koppel.Openstaand], soort: koppel.Post) -> list[int]:
    """Return the keys of what is of one kind, in order."""
    return sorted(post.sleutel for post in posten if post.post == soort)


def _sloten(_rekening: Rekening, *, verwacht: Sequence[koppel.Koppeling], **_: object) -> Sloten:
    zeker = [k for k in verwacht if is_zeker(k)]
    eerder = Afschriftregel.objects.filter(regel__sleutel__in=[k.regel.sleutel for k in verwacht])
    posten = [p for k in zeker for p in k.posten]
    geld = sloten_voor(
        van_soort(posten, koppel.Post.BETALING),
        {k.regel.boekdatum.year for k in zeker},
        van_soort(posten, koppel.Post.TERUGVORDERING),
    )
    return {**geld, Afschriftregel: list(eerder.values_list("pk", flat=True))}


@handeling("afschrift.lees_in", "Rekeningafschrift inlezen", mag=rechten.mag_afschrift_inlezen, sloten=_sloten)
def lees_in(
    rekening: Rekening, *, bestand: camt.Afschrift, sha256: str, verwacht: Sequence[koppel.Koppeling], door: Gebruiker
) -> Ingelezen:
    """Store the new lines of a statement, and book what needs no person, of earlier files too.

    verwacht: what the matching said before the locks; when it says something else now, nothing is booked.
    Raises Weigering: al_ingelezen, intussen_gewijzigd, datum_onmogelijk, geen_krediet, jaar_afgesloten.
    """
    nieuw = _nieuwe_regels(bestand.regels)
    nu = _koppel(rekening, nieuw)
    zin = "Intussen is er iets aan deze betalingen of dit afschrift gewijzigd. Lees het afschrift opnieuw in."
    eis(nu == list(verwacht), "intussen_gewijzigd", zin, "bestand")
    afschrift = _bewaar(rekening, bestand, sha256, door)
    zeker = [p for k in nu for p in k.posten if is_zeker(k)]
    per_sleutel = neem_boekbaar(van_soort(zeker, koppel.Post.BETALING), van_soort(zeker, koppel.Post.TERUGVORDERING))
    alsnog = _alsnog_zeker(nu)
    ketens.vergrendel([afschrift, *per_sleutel.values(), *alsnog.values()])
    sleutels = {regel.sleutel for regel in nieuw}
    uitkomsten = _bewaar_regels(afschrift, [k for k in nu if k.regel.sleutel in sleutels])
    noteer(
        afschrift,
        door=door,
        inhoud={"rekening": rekening.iban, "sha256": sha256, "regels": len(nieuw), "per_status": _tel(uitkomsten)},
    )
    for koppeling in nu:
        if uitkomst := alsnog.get(koppeling.regel.sleutel):
            _verwerk(uitkomst, koppeling, door)
    bewaard = {b.sleutel: b for b in Bankregel.objects.filter(sleutel__in=[k.regel.sleutel for k in nu])}
    for soort in VOLGORDE:
        for koppeling in (k for k in nu if k.soort == soort):
            _boek_regel(koppeling, bewaard[koppeling.regel.sleutel], per_sleutel, door)
    return Ingelezen(len(bestand.regels) - len(nieuw), _tel(uitkomsten), len(alsnog), afschrift.pk)


def _alsnog_zeker(koppelingen: Iterable[koppel.Koppeling]) -> dict[str, Afschriftregel]:
    """Return the lines of earlier files that need no person any more, by key."""
    sleutels = [k.regel.sleutel for k in koppelingen if is_zeker(k)]
    rijen = Afschriftregel.objects.filter(regel__sleutel__in=sleutels).select_related("regel")
    return {rij.regel.sleutel: rij for rij in rijen}


def neem_boekbaar(betalingen: Iterable[int], terugvorderingen: Iterable[int]) -> dict[tuple[str, int], Boekbaar]:
    """Lock what a line can be booked on, and return it by kind and key."""
    uit: dict[tuple[str, int], Boekbaar] = {}
    uit |= {(koppel.Post.BETALING, rij.pk): rij for rij in sloten.neem(Betaling, betalingen)}
    uit |= {(koppel.Post.TERUGVORDERING, rij.pk): rij for rij in sloten.neem(Terugvordering, terugvorderingen)}
    return uit


def _verwerk(uitkomst: Afschriftregel, koppeling: koppel.Koppeling, door: Gebruiker) -> None:
    gekozen = van_soort(koppeling.posten, koppel.Post.BETALING)
    uitkomst.soort, uitkomst.uitleg = koppeling.soort, ""
    voer_uit(uitkomst, "verwerk", door=door, inhoud={"betalingen": gekozen})
    uitkomst.betalingen.set(gekozen)


def _boek_regel(
    koppeling: koppel.Koppeling, regel: Bankregel, rijen: dict[tuple[str, int], Boekbaar], door: Gebruiker
) -> None:
    """Book one line; a refusal names the line."""
    try:
        for post in koppeling.posten:
            _boek(rijen[post.post, post.sleutel], koppeling.soort, regel, door)
    except Weigering as fout:
        wat = f"De regel van {regel.boekdatum:%d/%m/%Y} over {euro_tekst(abs(regel.bedrag_cent))}"
        raise Weigering(fout.code, f"{wat} kan niet geboekt worden. {fout.zin}", "bestand") from fout


def is_zeker(koppeling: koppel.Koppeling) -> bool:
    """Return whether a line needs no person."""
    return koppeling.soort in koppel.ZONDER_PERSOON


def _bewaar(rekening: Rekening, bestand: camt.Afschrift, sha256: str, door: Gebruiker) -> Afschrift:
    return Afschrift.objects.create(
        rekening=rekening,
        bericht_id=bestand.bericht_id,
        begindatum=min(u.begindatum for u in bestand.uittreksels),
        einddatum=max(u.einddatum for u in bestand.uittreksels),
        sha256=sha256,
        ingelezen_op=klok.nu(),
        ingelezen_door=door,
    )


def _bewaar_regels(afschrift: Afschrift, koppelingen: Sequence[koppel.Koppeling]) -> list[Afschriftregel]:
    """Store new lines, what becomes of each and its candidates, in a few queries for all: others wait meanwhile."""
    regels = Bankregel.objects.bulk_create(_bankregel(afschrift, k.regel) for k in koppelingen)
    uitkomsten: list[Afschriftregel] = Afschriftregel.objects.bulk_create(
        _uitkomst(regel, k) for regel, k in zip(regels, koppelingen, strict=True)
    )
    _bewaar_kandidaten(Afschriftregel.betalingen.through, "betaling_id", koppel.Post.BETALING, uitkomsten, koppelingen)
    terug = Afschriftregel.terugvorderingen.through
    _bewaar_kandidaten(terug, "terugvordering_id", koppel.Post.TERUGVORDERING, uitkomsten, koppelingen)
    return uitkomsten


def _bewaar_kandidaten(
    tussen: Any,
    veld: str,
    soort: koppel.Post,
    uitkomsten: Sequence[Afschriftregel],
    koppelingen: Sequence[koppel.Koppeling],
) -> None:
    tussen.objects.bulk_create(
        tussen(**{"afschriftregel_id": uitkomst.pk, veld: sleutel})
        for uitkomst, koppeling in zip(uitkomsten, koppelingen, strict=True)
        for sleutel in sorted(set(van_soort(koppeling.posten, soort)))
    )


def _bankregel(afschrift: Afschrift, van: camt.Regel) -> Bankregel:
    velden = {naam: getattr(van, naam) for naam in BEWAARD}
    return Bankregel(afschrift=afschrift, bankstatus=van.status, **velden)


def _uitkomst(regel: Bankregel, koppeling: koppel.Koppeling) -> Afschriftregel:
    return Afschriftregel(
        regel=regel,
        status=_status_van(koppeling),
        soort=koppeling.soort,
        wordt=koppeling.wordt or "",
        alle=koppeling.grond == koppel.Grond.BEDRAG,
        uitleg=koppeling.uitleg,
    )


def _status_van(koppeling: koppel.Koppeling) -> Status:
    if is_zeker(koppeling):
        return Status.VERWERKT
    if koppeling.soort == Soort.NIET_GEBOEKT:
        return Status.AANGEKONDIGD
    te_boeken = koppeling.soort == Soort.VOORSTEL and koppeling.wordt in VOLGORDE
    return Status.VOORSTEL if te_boeken else Status.OPEN


def _boek(rij: Boekbaar, soort: str, regel: Bankregel, door: Gebruiker) -> None:
    if isinstance(rij, Terugvordering):
        bron = Bron(referentie=f"afschriftregel {regel.pk}", bankregel=regel)
        boek_ontvangst(rij, datum=regel.boekdatum, bedrag_cent=regel.bedrag_cent, bron=bron, door=door)
        return
    if soort == Soort.BETAALD:
        boek_uitbetaald(rij, datum=regel.boekdatum, door=door)
        return
    reden = f"{regel.reden} {regel.reden_tekst}".strip() or "De bank gaf geen reden."
    boek_geweigerd(rij, datum=regel.boekdatum, reden=reden, door=door)


def _sloten_van_keuze(
    uitkomst: Afschriftregel, *, betalingen: Iterable[int] = (), terugvorderingen: Iterable[int] = ()
) -> Sloten:
    # Only candidates: another recovery may have no decision yet, and so no credit to lock.
    terug = uitkomst.terugvorderingen.filter(pk__in=terugvorderingen).values_list("pk", flat=True)
    return sloten_voor(betalingen, {uitkomst.regel.boekdatum.year}, terug)


@handeling(
    "afschriftregel.bevestig",
    "Voorstel bij een rekeningafschrift bevestigen",
    mag=rechten.mag_afschriftregel_behandelen,
    sloten=_sloten_van_keuze,
)
def bevestig_afschriftregel(
    uitkomst: Afschriftregel,
    *,
    betalingen: Iterable[int] = (),
    terugvorderingen: Iterable[int] = (),
    door: Gebruiker,
) -> Afschriftregel:
    """Say yes to a proposal: book the payment or recovery that was chosen of the candidates, or all of them together.

    Raises Weigering: verkeerde_status, geen_keuze, eigen_organisatie, and what booking raises.
    """
    gekozen, terug = sorted(set(betalingen)), sorted(set(terugvorderingen))
    keuze = [(koppel.Post.BETALING, pk) for pk in gekozen] + [(koppel.Post.TERUGVORDERING, pk) for pk in terug]
    kandidaten = [(koppel.Post.BETALING, rij.pk) for rij in uitkomst.betalingen.order_by("pk")]
    kandidaten += [(koppel.Post.TERUGVORDERING, rij.pk) for rij in uitkomst.terugvorderingen.order_by("pk")]
    goed = keuze == kandidaten if uitkomst.alle else len(keuze) == 1 and keuze[0] in kandidaten
    rijen = list(neem_boekbaar(gekozen, terug).values()) if goed else []
    ketens.vergrendel([uitkomst, *rijen])
    inhoud = {"betalingen": gekozen} | ({"terugvorderingen": terug} if terug else {})
    voer_uit(uitkomst, "bevestig", door=door, inhoud=inhoud)
    wat = "terugvorderingen" if uitkomst.wordt == Soort.ONTVANGST else "betalingen"
    eis(goed, "geen_keuze", f"Kies een van de {wat}.", "betalingen")
    zin = "U hoort bij deze begunstigde. Een andere persoon bevestigt deze regel."
    eis(not any(is_aanvrager(door, rij.dossier) for rij in rijen), "eigen_organisatie", zin, "betalingen")
    for rij in rijen:
        _boek(rij, uitkomst.wordt, uitkomst.regel, door)
    uitkomst.betalingen.set(gekozen)
    uitkomst.terugvorderingen.set(terug)
    return uitkomst


@handeling(
    "afschriftregel.sluit_af",
    "Regel van een rekeningafschrift afsluiten",
    mag=rechten.mag_afschriftregel_behandelen,
)
def sluit_afschriftregel_af(uitkomst: Afschriftregel, *, reden: str, door: Gebruiker) -> Afschriftregel:
    """Say no to a proposal, or that an open line was looked into; nothing is booked. Raises: reden_ontbreekt."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf wat u met deze regel deed.", "reden")
    voer_uit(uitkomst, "sluit_af", door=door, inhoud={"reden": reden.strip()})
    return uitkomst
