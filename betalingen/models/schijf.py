"""What an instalment asks before it is paid: guards, what the beneficiary hands in, and how a balance was found."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django_fsm import FSMField, FSMModelMixin, transition

from dossiers.models import Verslag
from kern import klok
from kern.geld import euro_tekst
from kern.models import Bestand
from kern.triggers import bewaakt
from kern.wachters import wachter
from oproepen.models import Betaalschijf
from oproepen.models.betaalschijf import toon

if TYPE_CHECKING:
    from betalingen.models.betaling import Betaling

# A payment that left, or is on its way to.
ONDERWEG = ("te_controleren", "tweede_controle", "goedgekeurd", "verstuurd")


@wachter("aanleiding_ontbreekt")
def aanleiding_voldaan(betaling: "Betaling") -> str | None:
    """An instalment is put forward only when its trigger is met; a request is `aanvraag_in_orde`."""
    schijf = betaling.schijf
    if schijf.datum is not None and klok.vandaag() < schijf.datum:
        return f"Deze schijf wordt betaald vanaf {toon(schijf.datum)}."
    if schijf.aanleiding != Betaalschijf.Aanleiding.VERSLAG:
        return None
    goedgekeurd, verwacht_op = _verslag_van(betaling)
    if goedgekeurd:
        return None
    soort = schijf.verslagmoment.get_soort_display().lower() if schijf.verslagmoment else "verslag"
    zin = f"Het {soort} is nog niet goedgekeurd."
    if verwacht_op is None or verwacht_op >= klok.vandaag():
        return zin
    dagen = (klok.vandaag() - verwacht_op).days
    return f"{zin} Het was verwacht op {toon(verwacht_op)} en is {dagen} {'dag' if dagen == 1 else 'dagen'} te laat."


def _verslag_van(betaling: "Betaling") -> tuple[bool, date | None]:
    """Return whether the report of an instalment is approved, and until when it is expected while it is not in.

    A list has read both along (`queries.met_stand_van_zaken`).
    """
    gelezen: bool | None = getattr(betaling, "verslag_goedgekeurd", None)
    if gelezen is not None:
        return gelezen, getattr(betaling, "verslag_verwacht_op", None)
    verslag = betaling.dossier.verslagen.filter(moment_id=betaling.schijf.verslagmoment_id).first()
    if verslag is None:
        return False, None
    open_ = verslag.status in Verslag.TE_GEVEN
    return verslag.status == Verslag.Status.GOEDGEKEURD, verslag.uiterlijk if open_ else None


@wachter("voorwaarde_open")
def voorwaarde_bevestigd(betaling: "Betaling") -> str | None:
    """What the call asks first is confirmed by the handler."""
    if betaling.schijf.voorwaarde and betaling.voorwaarde_door_id is None:
        return f"Nog te bevestigen: {betaling.schijf.voorwaarde}"
    return None


@wachter("saldo_niet_afgerekend")
def saldo_afgerekend(betaling: "Betaling") -> str | None:
    """A balance of accepted costs is settled first; without cost claims it is what is left of the award."""
    if betaling.saldo_van_kosten and not hasattr(betaling, "afrekening"):
        return "Het saldo is nog niet afgerekend."
    return None


@wachter("aanvraag_ontbreekt")
def aanvraag_in_orde(betaling: "Betaling") -> str | None:
    """What the beneficiary has to ask or hand in is there, was accepted, and is about this amount and account."""
    schijf = betaling.schijf
    if not schijf.vraagt_aanvraag:
        return None
    aanvraag: Betaalaanvraag | None = getattr(betaling, "aanvraag", None)
    if aanvraag is None:
        wat = "diende nog geen schuldvordering in" if schijf.schuldvordering else "vroeg deze schijf nog niet aan"
        return f"De begunstigde {wat}."
    if aanvraag.status == Betaalaanvraag.Status.TERUG:
        return "De aanvraag is teruggestuurd; de begunstigde past ze aan."
    return _reden_tegen_schuldvordering(betaling, aanvraag) if schijf.schuldvordering else None


def _reden_tegen_schuldvordering(betaling: "Betaling", aanvraag: "Betaalaanvraag") -> str | None:
    if aanvraag.status != Betaalaanvraag.Status.AANVAARD:
        return "De schuldvordering is nog niet aanvaard."
    if (aanvraag.bedrag_cent, aanvraag.iban) != (betaling.bedrag_cent, betaling.iban):
        return "De schuldvordering noemt een ander bedrag of een andere rekening. Stuur ze terug."
    return None


@wachter("boven_jaarmaximum")
def binnen_jaarmaximum(betaling: "Betaling") -> str | None:
    """Some tracks pay a project no more than so much in a calendar year, what is on its way counted along."""
    grens = betaling.dossier.ronde.luik.uitbetaling_max_per_jaar_cent
    if grens is None:
        return None
    jaar = klok.vandaag().year
    al = betaald_of_onderweg(betaling, jaar)
    if al + betaling.bedrag_cent <= grens:
        return None
    return (
        f"Een project krijgt hoogstens {euro_tekst(grens)} per jaar, en voor {jaar} is al {euro_tekst(al)} betaald of "
        f"onderweg. Dit kan vanaf 1/1/{jaar + 1}."
    )


def betaald_of_onderweg(betaling: "Betaling", jaar: int) -> int:
    """Return the cents of the other instalments of a dossier that are on their way, and what was paid in a year.

    A list has read it along (`queries.met_stand_van_zaken`).
    """
    gelezen: int | None = getattr(betaling, "dit_jaar_cent", None)
    if gelezen is not None:
        return gelezen
    dossier = betaling.dossier
    onderweg = dossier.betalingen.exclude(pk=betaling.pk).filter(status__in=ONDERWEG)
    betaald = dossier.journaalregels.filter(soort="uitbetaling", feitdatum__year=jaar)
    return sum(rij.aggregate(som=Sum("bedrag_cent"))["som"] or 0 for rij in (onderweg, betaald))


VOORWAARDEN = [aanleiding_voldaan, voorwaarde_bevestigd, saldo_afgerekend, aanvraag_in_orde, binnen_jaarmaximum]


class Betaalaanvraag(FSMModelMixin, models.Model):
    """What the beneficiary handed in to be paid an instalment: a request, or a signed schuldvordering.

    Amount, account and commitment are those of the day of handing in; a later change asks for a new one. When it came
    back and was handed in again, the row holds the last; the chain holds them all.
    """

    class Status(models.TextChoices):
        """States of a request."""

        INGEDIEND = "ingediend", "Ingediend"
        AANVAARD = "aanvaard", "Aanvaard"
        TERUG = "terug", "Terug voor aanvulling"

    betaling = models.OneToOneField("betalingen.Betaling", on_delete=models.PROTECT, related_name="aanvraag")
    status = FSMField(default=Status.INGEDIEND, choices=Status.choices, protected=True)
    bedrag_cent = models.BigIntegerField()
    iban = models.CharField(max_length=34)
    vastlegging = models.CharField(max_length=40, help_text="nummer van de vastlegging")
    toelichting = models.TextField(blank=True)
    document = models.ForeignKey(
        Bestand, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="ondertekend"
    )
    ingediend_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ingediend_op = models.DateTimeField(help_text="dag van ontvangst")
    opmerking = models.TextField(blank=True, help_text="waarom ze terugging")

    class Meta:
        verbose_name = "de aanvraag tot betaling"
        ordering: ClassVar = ["betaling_id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="betaalaanvraag_positief"),
        ]

    def __str__(self) -> str:
        return f"aanvraag tot betaling van {self.betaling}"

    @transition(status, source=Status.TERUG, target=Status.INGEDIEND)
    def dien_opnieuw_in(self) -> None:
        """Hand in again what came back."""

    @transition(status, source=Status.INGEDIEND, target=Status.AANVAARD)
    def aanvaard(self) -> None:
        """Accept."""

    @transition(status, source=[Status.INGEDIEND, Status.AANVAARD], target=Status.TERUG)
    def stuur_terug(self) -> None:
        """Send back with a reason."""


@bewaakt(verwijderen=False)
class Saldoafrekening(models.Model):
    """How the balance of a project was found, in cents. Never changed, never deleted.

    saldo = min(toegekend, volgens tarief, na andere inkomsten, maxima) - betaald; below zero money is claimed back.
    """

    TERMEN: ClassVar = ("toegekend_cent", "volgens_tarief_cent", "na_inkomsten_cent", "maxima_cent")

    betaling = models.OneToOneField("betalingen.Betaling", on_delete=models.PROTECT, related_name="afrekening")
    toegekend_cent = models.BigIntegerField(help_text="wat vastgelegd was")
    volgens_tarief_cent = models.BigIntegerField(help_text="deel van de aanvaarde kosten dat de subsidie betaalt")
    na_inkomsten_cent = models.BigIntegerField(help_text="aanvaarde kosten min andere inkomsten")
    maxima_cent = models.BigIntegerField(help_text="som van de jaarlijkse maxima")
    betaald_cent = models.BigIntegerField(help_text="eerder betaald")
    saldo_cent = models.BigIntegerField()
    opgemaakt_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opgemaakt_op = models.DateTimeField()

    class Meta:
        verbose_name = "de afrekening van het saldo"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(saldo_cent__lte=F("toegekend_cent") - F("betaald_cent")),
                name="afrekening_binnen_toekenning",
            ),
        ]

    def __str__(self) -> str:
        return f"afrekening van {self.betaling}"

    @property
    def hoogstens_cent(self) -> int:
        """Return what the project gets in all."""
        return min(self.toegekend_cent, self.volgens_tarief_cent, self.na_inkomsten_cent, self.maxima_cent)
