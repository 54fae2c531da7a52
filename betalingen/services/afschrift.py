"""Statements: read outside the transaction, matched, and booked by the bodies of the ordinary acts; all or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from betalingen import grootboek, rechten
from betalingen.bank import camt, koppel, mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Afschrift, Afschriftregel, Bankregel, Begrotingsjaar, Betaling, Rekening, Stand
from betalingen.services.betaling import boek_uitbetaald
from betalingen.services.terugkeer import boek_geweigerd
from kern import ketens, klok, sloten
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import GeenRecht, Weigering, eis
from organisaties.models import Gebruiker

Status = Afschriftregel.Status
Soort = koppel.Soort
# What is announced comes first, and what leaves before what comes back.
VOLGORDE = (Soort.GEWEIGERD, Soort.BETAALD, Soort.TERUGGESTORT)


@dataclass(frozen=True)
class Ingelezen:
    """What reading a file did: lines by state, and how many were known already."""

    bekend: int
    per_status: dict[str, int]

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
    verwacht = koppel.koppel(nieuw, openstaand(rekening))
    regels = lees_in(rekening, bestand=bestand, sha256=sha256, verwacht=verwacht, door=door)
    return Ingelezen(bekend, _tel(regels))


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
    bekend = set(Bankregel.objects.filter(sleutel__in=[r.sleutel for r in regels]).values_list("sleutel", flat=True))
    return [regel for regel in regels if regel.sleutel not in bekend]


def openstaand(rekening: Rekening) -> list[koppel.Openstaand]:
    """Return the payments of a granter that left, paid or not, as the matching wants them."""
    return [_post(betaling) for betaling in _vertrokken(rekening.verstrekker)]


def _vertrokken(verstrekker: str) -> list[Betaling]:
    vertrokken = (Betaling.Status.VERSTUURD, Betaling.Status.UITBETAALD)
    rijen = Betaling.objects.filter(status__in=vertrokken, opdracht__oproep__verstrekker=verstrekker)
    return list(rijen.select_related("opdracht").order_by("pk"))


def _post(betaling: Betaling) -> koppel.Openstaand:
    nummer = str(betaling.opdracht)
    return koppel.Openstaand(
        post=koppel.Post.BETALING,
        sleutel=betaling.pk,
        bedrag_cent=betaling.bedrag_cent,
        iban=betaling.iban,
        end_to_end_id=end_to_end_id(nummer, betaling.pk),
        ogm=mededeling.maak(betaling.pk),
        opdracht=nummer,
        betaald=betaling.status == Betaling.Status.UITBETAALD,
    )


def sloten_voor(sleutels: Iterable[int], jaren: Iterable[int]) -> Sloten:
    """Return what must be locked to book these payments as paid or as come back, on days in these years."""
    rijen = list(Betaling.objects.filter(pk__in=set(sleutels)).select_related("opdracht", "dossier__ronde__luik"))
    dagen = set(jaren)
    onderwerpen: set[grootboek.Onderwerp] = set()
    for rij in rijen:
        vanaf = rij.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).year if rij.opdracht else klok.vandaag().year
        for jaar in {*range(vanaf, klok.vandaag().year + 1), *dagen}:
            with suppress(Weigering):  # no credit in that year: nothing was booked on it
                onderwerpen |= grootboek.onderwerpen([(rij.dossier, jaar)])
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(jaar).pk for jaar in dagen],
        Stand: grootboek.standsleutels(onderwerpen),
        Betaling: [rij.pk for rij in rijen],
    }


def _sloten(_rekening: Rekening, *, verwacht: Sequence[koppel.Koppeling], **_: object) -> Sloten:
    zeker = [k for k in verwacht if k.soort in koppel.ZONDER_PERSOON]
    return sloten_voor((p.sleutel for k in zeker for p in k.posten), {k.regel.boekdatum.year for k in zeker})


@handeling("afschrift.lees_in", "Rekeningafschrift inlezen", mag=rechten.mag_afschrift_inlezen, sloten=_sloten)
def lees_in(
    rekening: Rekening, *, bestand: camt.Afschrift, sha256: str, verwacht: Sequence[koppel.Koppeling], door: Gebruiker
) -> list[Afschriftregel]:
    """Store the new lines of a statement, and book what needs no person.

    verwacht: what the matching said before the locks; when it says something else now, nothing is booked.
    Raises Weigering: al_ingelezen, intussen_gewijzigd, datum_onmogelijk, geen_krediet, jaar_afgesloten.
    """
    nu = koppel.koppel(_nieuwe_regels(bestand.regels), openstaand(rekening))
    zin = "Intussen is er iets aan deze betalingen of dit afschrift gewijzigd. Lees het afschrift opnieuw in."
    eis(nu == list(verwacht), "intussen_gewijzigd", zin, "bestand")
    afschrift = _bewaar(rekening, bestand, sha256, door)
    per_sleutel = {b.pk: b for b in sloten.neem(Betaling, {p.sleutel for k in nu for p in k.posten if _zeker(k)})}
    ketens.vergrendel([afschrift, *per_sleutel.values()])
    uitkomsten = [_bewaar_regel(afschrift, k) for k in nu]
    noteer(
        afschrift,
        door=door,
        inhoud={"rekening": rekening.iban, "sha256": sha256, "regels": len(nu), "per_status": _tel(uitkomsten)},
    )
    for soort in VOLGORDE:
        for koppeling in (k for k in nu if k.soort == soort):
            for post in koppeling.posten:
                _boek(per_sleutel[post.sleutel], soort, koppeling.regel, door)
    return uitkomsten


def _zeker(koppeling: koppel.Koppeling) -> bool:
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


def _bewaar_regel(afschrift: Afschrift, koppeling: koppel.Koppeling) -> Afschriftregel:
    van = koppeling.regel
    regel = Bankregel.objects.create(
        afschrift=afschrift,
        sleutel=van.sleutel,
        boekdatum=van.boekdatum,
        bedrag_cent=van.bedrag_cent,
        end_to_end_id=van.end_to_end_id,
        ogm=van.ogm,
        tegenpartij=van.tegenpartij,
        tegenrekening=van.tegenrekening,
        tekst=van.tekst,
        reden=van.reden,
    )
    uitkomst = Afschriftregel.objects.create(
        regel=regel,
        status=_status_van(koppeling),
        soort=koppeling.soort,
        wordt=koppeling.wordt or "",
        alle=koppeling.grond == koppel.Grond.BEDRAG,
        uitleg=koppeling.uitleg,
    )
    uitkomst.betalingen.set([post.sleutel for post in koppeling.posten])
    return uitkomst


def _status_van(koppeling: koppel.Koppeling) -> Status:
    if _zeker(koppeling):
        return Status.VERWERKT
    if koppeling.soort == Soort.NIET_GEBOEKT:
        return Status.AANGEKONDIGD
    te_boeken = koppeling.soort == Soort.VOORSTEL and koppeling.wordt in VOLGORDE
    return Status.VOORSTEL if te_boeken else Status.OPEN


def _boek(betaling: Betaling, soort: str, regel: camt.Regel | Bankregel, door: Gebruiker) -> None:
    if soort == Soort.BETAALD:
        boek_uitbetaald(betaling, datum=regel.boekdatum, door=door)
        return
    tekst = getattr(regel, "reden_tekst", "")
    reden = f"{regel.reden} {tekst}".strip() or "De bank gaf geen reden."
    boek_geweigerd(betaling, datum=regel.boekdatum, reden=reden, door=door)


def _sloten_van_keuze(uitkomst: Afschriftregel, *, betalingen: Iterable[int], **_: object) -> Sloten:
    return sloten_voor(betalingen, {uitkomst.regel.boekdatum.year})


@handeling(
    "afschriftregel.bevestig",
    "Voorstel bij een rekeningafschrift bevestigen",
    mag=rechten.mag_afschriftregel_behandelen,
    sloten=_sloten_van_keuze,
)
def bevestig_afschriftregel(uitkomst: Afschriftregel, *, betalingen: Iterable[int], door: Gebruiker) -> Afschriftregel:
    """Say yes to a proposal: book the payment that was chosen of the candidates, or all of them together.

    Raises Weigering: verkeerde_status, geen_keuze, and what booking raises.
    """
    gekozen = sorted(set(betalingen))
    kandidaten = sorted(uitkomst.betalingen.values_list("pk", flat=True))
    goed = gekozen == kandidaten if uitkomst.alle else len(gekozen) == 1 and gekozen[0] in kandidaten
    rijen = sloten.neem(Betaling, gekozen if goed else [])
    ketens.vergrendel([uitkomst, *rijen])
    voer_uit(uitkomst, "bevestig", door=door, inhoud={"betalingen": gekozen})
    eis(goed, "geen_keuze", "Kies een van de betalingen.", "betalingen")
    for rij in rijen:
        _boek(rij, uitkomst.wordt, uitkomst.regel, door)
    uitkomst.betalingen.set(gekozen)
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
