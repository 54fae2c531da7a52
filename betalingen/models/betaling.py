"""Payments and the orders in which they leave."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from betalingen.models import schijf as schijfwachters
from betalingen.models.belemmering import Betaalbelemmering, op_dossier
from dossiers.models import Dossier
from kern.wachters import wachter
from kern.weg import redenen_tegen
from oproepen.models import Betaalschijf, Oproep


@wachter("dossier_gestopt")
def project_loopt(betaling: "Betaling") -> str | None:
    """Nothing is paid to a project that was given up or stopped."""
    dossier = betaling.dossier
    if dossier.status in {Dossier.Status.VERZAAKT, Dossier.Status.STOPGEZET}:
        return f"Het dossier is {dossier.get_status_display().lower()}; er wordt niets meer op betaald."
    return None


@wachter("project_loopt_nog")
def project_ten_einde(betaling: "Betaling") -> str | None:
    """Only with its project does an instalment lapse that was put forward already, or came back from the bank."""
    return "Het project van deze betaling loopt nog." if project_loopt(betaling) else None


@wachter("belemmerd")
def niet_belemmerd(betaling: "Betaling") -> str | None:
    """Nothing leaves while a seizure, a transfer, a bankruptcy or another payee stands in the way."""
    gelezen: bool | None = getattr(betaling, "belemmerd", None)
    if gelezen is not None:  # a sheet reads along whether, not what
        return "Op deze betaling rust een belemmering." if gelezen else None
    namen = [str(rij) for rij in betaling.belemmeringen]
    if not namen:
        return None
    heel = "; ".join(naam[:1].lower() + naam[1:] for naam in namen)
    return f"Op deze betaling rust een belemmering: {heel}."


@wachter("iban_ontbreekt")
def iban_bekend(betaling: "Betaling") -> str | None:
    """A payment needs an account."""
    return None if betaling.iban else "Het rekeningnummer van de begunstigde ontbreekt."


@wachter("andere_rekening")
def rekening_van_dossier(betaling: "Betaling") -> str | None:
    """A payment goes to the account of its award; another one comes by `dossier.wijzig_rekening` only."""
    if betaling.iban != betaling.dossier.iban:
        return "Het rekeningnummer van de betaling is een ander dan dat van het dossier."
    return None


@wachter("al_aangerekend")
def niet_aangerekend(betaling: "Betaling") -> str | None:
    """What was charged on the payment credit does not lapse with its commitment."""
    return "Deze betaling is al aangerekend op het betaalkrediet." if betaling.is_aangerekend else None


@wachter("geen_kennisgeving")
def kennisgegeven(betaling: "Betaling") -> str | None:
    """Nothing is paid before the beneficiary was told."""
    return None if betaling.dossier.kennisgegeven_op else "De toekenning is nog niet ter kennis gegeven."


@wachter("niet_vastgelegd")
def vastgelegd(betaling: "Betaling") -> str | None:
    """Nothing is paid before the commitment; who was told has one, for that is asked before telling."""
    dossier = betaling.dossier
    geboekt: bool | None = getattr(betaling, "is_vastgelegd", None)  # a list reads it along
    if geboekt is None and dossier.kennisgegeven_op is None:
        geboekt = dossier.journaalregels.filter(soort="vastlegging").exists()
    if dossier.kennisgegeven_op or geboekt:
        return None
    return "De toekenning is nog niet vastgelegd in het boekhoudsysteem van de verstrekker."


@wachter("niet_vereffend")
def vereffend(betaling: "Betaling") -> str | None:
    """Where an outside system keeps the books, the charge comes from there, and before the payment."""
    if not betaling.via_boekhouding or betaling.is_aangerekend:
        return None
    return "De vereffening van deze betaling is nog niet gemeld door het boekhoudsysteem van de verstrekker."


@wachter("tweede_goedkeuring_ontbreekt")
def genoeg_goedkeuringen(betaling: "Betaling") -> str | None:
    """Above the threshold of the call one approval is not enough."""
    if betaling.vraagt_tweede and betaling.status != Betaling.Status.TWEEDE_CONTROLE:
        return "Deze betaling wordt door twee personen goedgekeurd."
    return None


def wacht_op_vereffening(betaling: "Betaling") -> bool:
    """Return whether the outside system still has to report the charge of a sent payment."""
    return betaling.status == Betaling.Status.VERSTUURD and not vereffend(betaling)


class Betaalopdracht(FSMModelMixin, models.Model):
    """A batch of payments of a call that left together, with its control total; its lines say what left."""

    class Status(models.TextChoices):
        """States of an order."""

        VERSTUURD = "verstuurd", "Verstuurd"

    nummer = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001  null only while it is made
    status = FSMField(default=Status.VERSTUURD, choices=Status.choices, protected=True)
    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="betaalopdrachten")
    aantal = models.PositiveIntegerField()
    totaal_cent = models.BigIntegerField()
    extern = models.BooleanField(default=False, help_text="een ander boekhoudsysteem rekent aan en betaalt")
    verstuurd_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verstuurd_op = models.DateTimeField()

    class Meta:
        verbose_name = "de betaalopdracht"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.nummer or ""


class Betaling(FSMModelMixin, models.Model):
    """One instalment of one award."""

    class Status(models.TextChoices):
        """States of a payment."""

        GEPLAND = "gepland", "Gepland"
        TE_CONTROLEREN = "te_controleren", "Te controleren"
        TWEEDE_CONTROLE = "tweede_controle", "Wacht op tweede goedkeuring"
        GOEDGEKEURD = "goedgekeurd", "Goedgekeurd voor betaling"
        VERSTUURD = "verstuurd", "Betaalopdracht verstuurd"
        UITBETAALD = "uitbetaald", "Uitbetaald"
        VERVALLEN = "vervallen", "Vervallen"
        VERREKEND = "verrekend", "Verrekend met een terugvordering"

    # Of which nothing leaves any more.
    AFGEHANDELD: ClassVar = (Status.UITBETAALD, Status.VERVALLEN, Status.VERREKEND)

    # It left in an order, and did not come back.
    VERTROKKEN: ClassVar = (Status.VERSTUURD, Status.UITBETAALD)

    # It did not leave, or came back.
    NIET_VERTROKKEN: ClassVar = (Status.GEPLAND, Status.TE_CONTROLEREN, Status.TWEEDE_CONTROLE, Status.GOEDGEKEURD)

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="betalingen")
    schijf = models.ForeignKey(Betaalschijf, on_delete=models.PROTECT, related_name="betalingen")
    bedrag_cent = models.BigIntegerField()
    iban = models.CharField(max_length=34, blank=True)
    status = FSMField(default=Status.GEPLAND, choices=Status.choices, protected=True)
    opgesteld_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rekening_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="wie de rekening het laatst wijzigde; leeg: ze is die van de aanvraag",
    )
    goedgekeurd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tweede_goedgekeurd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opdracht = models.ForeignKey(
        Betaalopdracht, on_delete=models.PROTECT, null=True, blank=True, related_name="betalingen"
    )
    uitbetaald_op = models.DateField(null=True, blank=True, help_text="dag waarop het geld de bank verliet")
    voorwaarde_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    voorwaarde_motivering = models.TextField(blank=True, help_text="hoe aan de voorwaarde van de schijf voldaan is")
    aanvraag_verlengd_tot = models.DateField(null=True, blank=True, help_text="laatste dag, na een verlenging")

    class Meta:
        verbose_name = "de betaling"
        ordering: ClassVar = ["dossier_id", "schijf__volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "schijf"], name="betaling_per_schijf"),
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="betaling_positief"),
            models.CheckConstraint(
                condition=Q(voorwaarde_door=None, voorwaarde_motivering="")
                | Q(voorwaarde_door__isnull=False) & ~Q(voorwaarde_motivering=""),
                name="betaling_voorwaarde_met_motivering",
            ),
            # Three persons: who drafted it approves it neither first nor second.
            models.CheckConstraint(
                condition=Q(tweede_goedgekeurd_door=None)
                | (~Q(tweede_goedgekeurd_door=F("goedgekeurd_door")) & ~Q(tweede_goedgekeurd_door=F("opgesteld_door"))),
                name="betaling_tweede_is_een_ander",
            ),
            # Nor does who drafted it, or set the account that it goes to.
            models.CheckConstraint(
                condition=Q(goedgekeurd_door=None)
                | (~Q(goedgekeurd_door=F("opgesteld_door")) & ~Q(goedgekeurd_door=F("rekening_door"))),
                name="betaling_keurder_is_een_ander",
            ),
            models.CheckConstraint(
                condition=Q(tweede_goedgekeurd_door=None) | ~Q(tweede_goedgekeurd_door=F("rekening_door")),
                name="betaling_tweede_wijzigde_rekening_niet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schijf} van {self.dossier}"

    @transition(
        status,
        source=Status.GEPLAND,
        target=Status.TE_CONTROLEREN,
        conditions=[project_loopt, niet_belemmerd, vastgelegd, kennisgegeven, *schijfwachters.VOORWAARDEN, iban_bekend],
    )
    def stel_op(self) -> None:
        """Put forward for the check."""

    def reden_eigen_werk(self, wie: AbstractBaseUser) -> str | None:
        """Return why this person does not check it: she drafted it, or set its account. The page asks this too."""
        wat = {self.opgesteld_door_id: "ze opstelde", self.rekening_door_id: "haar rekening wijzigde"}.get(wie.pk)
        return f"Een betaling wordt gecontroleerd door een andere persoon dan wie {wat}." if wat else None

    @property
    def belemmeringen(self) -> list[Betaalbelemmering]:
        """Return what blocks this payment now."""
        return op_dossier(self.dossier)

    @property
    def via_boekhouding(self) -> bool:
        """Return whether an outside system charges and pays it."""
        return self.opdracht is not None and self.opdracht.extern

    @property
    def is_aangerekend(self) -> bool:
        """Return whether it was charged on a payment credit; what came back stays charged.

        What was set off against a recovery was charged then; the rest leaves, and is charged apart.
        """
        return self.journaalregels.filter(soort="vereffening", terugvordering=None).exists()

    @property
    def vraagt_tweede(self) -> bool:
        """Return whether a second person approves this payment too: the call says from which amount on."""
        vanaf = self.dossier.ronde.luik.oproep.tweede_goedkeuring_vanaf_cent
        return vanaf is not None and self.bedrag_cent >= vanaf

    @property
    def aanvraag_tot(self) -> date | None:
        """Return the last day on which this instalment can be asked for; None: there is no term."""
        return self.aanvraag_verlengd_tot or self.schijf.aanvraag_tot

    @property
    def redenen_van_status(self) -> list[str]:
        """Return why nothing can be prepared any more: it is not planned, or its project does not run."""
        rijen = (
            ("de betaling", self, self.Status.GEPLAND),
            ("het dossier", self.dossier, Dossier.Status.IN_UITVOERING),
        )
        return [
            f"Dit kan niet: {wat} heeft de status '{rij.get_status_display().lower()}'."
            for wat, rij, nodig in rijen
            if rij.status != nodig
        ]

    @property
    def wat_ontbreekt(self) -> list[str]:
        """Return everything that stands in the way of putting this planned payment forward, in sentences."""
        return redenen_tegen(self, "stel_op")

    @property
    def voor_te_bereiden(self) -> list[str]:
        """Return what the handler sees to before it is put forward, in words; most instalments need nothing."""
        schijf = self.schijf
        aanvraag = "schuldvordering" if schijf.schuldvordering else "aanvraag"
        delen = (
            ("voorwaarde", schijf.voorwaarde),
            ("saldo", self.saldo_van_kosten),
            (aanvraag, schijf.vraagt_aanvraag),
        )
        return [naam for naam, gevraagd in delen if gevraagd]

    @property
    def saldo_van_kosten(self) -> bool:
        """Return whether this is a balance that follows from accepted costs."""
        return self.schijf.soort == Betaalschijf.Soort.SALDO and hasattr(self.dossier.ronde.luik, "kostenregeling")

    @transition(
        status,
        source=Status.TE_CONTROLEREN,
        target=Status.TWEEDE_CONTROLE,
        conditions=[project_loopt, niet_belemmerd, iban_bekend, rekening_van_dossier],
    )
    def keur_eerst_goed(self) -> None:
        """Approve as the first of two."""

    @transition(
        status,
        source=[Status.TE_CONTROLEREN, Status.TWEEDE_CONTROLE],
        target=Status.GOEDGEKEURD,
        conditions=[project_loopt, niet_belemmerd, iban_bekend, rekening_van_dossier, genoeg_goedkeuringen],
    )
    def keur_goed(self) -> None:
        """Approve for payment."""

    @transition(
        status, source=[Status.TE_CONTROLEREN, Status.TWEEDE_CONTROLE, Status.GOEDGEKEURD], target=Status.GEPLAND
    )
    def stuur_terug(self) -> None:
        """Send back to the drafter, also when it was approved but has not left."""

    @transition(status, source=Status.GEPLAND, target=Status.VERVALLEN, conditions=[niet_aangerekend])
    def laat_vervallen(self) -> None:
        """The commitment it stood on was cancelled."""

    @transition(status, source=list(NIET_VERTROKKEN), target=Status.VERVALLEN, conditions=[project_ten_einde])
    def verval_met_project(self) -> None:
        """Its project was given up or stopped; what was charged of it is undone by the act."""

    @transition(
        status,
        source=[Status.GEPLAND, Status.TE_CONTROLEREN],
        target=Status.VERREKEND,
        conditions=[project_loopt, niet_belemmerd, kennisgegeven, *schijfwachters.VOORWAARDEN, niet_aangerekend],
    )
    def verreken(self) -> None:
        """All of it was set off against a recovery, so nothing leaves."""

    @transition(
        status,
        source=Status.GOEDGEKEURD,
        target=Status.VERSTUURD,
        conditions=[project_loopt, niet_belemmerd, rekening_van_dossier],
    )
    def verstuur(self) -> None:
        """Send in a payment order."""

    @transition(status, source=Status.VERSTUURD, target=Status.UITBETAALD, conditions=[vereffend])
    def betaal_uit(self) -> None:
        """The money left the bank."""

    @transition(status, source=Status.UITBETAALD, target=Status.VERSTUURD)
    def herroep_uitbetaling(self) -> None:
        """It was matched to a line of a statement by mistake, and is still on its way."""

    @transition(status, source=Status.TE_CONTROLEREN, target=Status.VERSTUURD)
    def herroep_weigering(self) -> None:
        """It was said to be refused by mistake, and is still on its way."""

    @transition(status, source=Status.TE_CONTROLEREN, target=Status.UITBETAALD)
    def herroep_terugstorting(self) -> None:
        """It was said to have come back by mistake."""

    @transition(status, source=list(VERTROKKEN), target=Status.TE_CONTROLEREN)
    def weiger(self) -> None:
        """The bank refused it, or the money came back."""
