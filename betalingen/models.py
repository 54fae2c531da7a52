"""The money: budget articles, totals with their limits, the journal, payments and their orders."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.deconstruct import deconstructible
from django_fsm import FSMField, FSMModelMixin, transition

from dossiers.models import Dossier, Verslag
from kern.models import Gebeurtenis
from kern.triggers import bewaakt
from kern.wachters import wachter
from oproepen.models import Betaalschijf, Luik, Oproep, Ronde

AANTALLEN = ("gereserveerd", "vastgelegd", "vereffend", "uitbetaald", "teruggevorderd", "ontvangen")


@deconstructible(path="betalingen.models.IsGeheel")
class IsGeheel(Func):
    """True when a column holds a whole number. SQLite would store 1.5 in an integer column; PostgreSQL cannot."""

    output_field = models.BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Ask for the storage class of the value."""
        return self.as_sql(compiler, connection, template="typeof(%(expressions)s) = 'integer'", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The column type already is the rule."""
        return self.as_sql(compiler, connection, template="%(expressions)s IS NOT NULL", **extra)


class Begrotingsartikel(models.Model):
    """An article of the budget, from which commitments are made and charged."""

    code = models.CharField(max_length=40, unique=True)
    naam = models.CharField(max_length=200)

    class Meta:
        verbose_name = "het begrotingsartikel"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Krediet(models.Model):
    """The credit of one article in one year; its totals and limits stand in its Stand. It has a chain of its own."""

    artikel = models.ForeignKey(Begrotingsartikel, on_delete=models.PROTECT, related_name="kredieten")
    jaar = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "het krediet"
        ordering: ClassVar = ["artikel__code", "jaar"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["artikel", "jaar"], name="krediet_artikel_jaar")]

    def __str__(self) -> str:
        return f"{self.artikel} {self.jaar}"


class Stand(models.Model):
    """The totals of one subject, with its limit. Only betalingen/grootboek.py writes here.

    No limit means that nothing can be spent. For a krediet `limiet_cent` is the commitment credit (VAK) and
    `betaalkrediet_cent` the payment credit (VEK); a charge may fall on a commitment of an earlier year and a
    payment on a charge of an earlier year, so the order vastgelegd >= vereffend >= uitbetaald holds for the
    other subjects only.
    """

    class Soort(models.TextChoices):
        """What the totals are of; `sleutel` is the key of that row."""

        OPROEP = "oproep", "oproep"
        LUIK = "luik", "luik"
        RONDE = "ronde", "ronde"
        DOSSIER = "dossier", "dossier"
        KREDIET = "krediet", "krediet"

    soort = models.CharField(max_length=10, choices=Soort)
    sleutel = models.BigIntegerField()
    limiet_cent = models.BigIntegerField(null=True, blank=True)
    betaalkrediet_cent = models.BigIntegerField(null=True, blank=True)
    gereserveerd_cent = models.BigIntegerField(default=0)
    vastgelegd_cent = models.BigIntegerField(default=0)
    vereffend_cent = models.BigIntegerField(default=0)
    uitbetaald_cent = models.BigIntegerField(default=0)
    teruggevorderd_cent = models.BigIntegerField(default=0)
    ontvangen_cent = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "de stand"
        ordering: ClassVar = ["soort", "sleutel"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["soort", "sleutel"], name="stand_een_per_onderwerp"),
            models.CheckConstraint(
                condition=Q(vastgelegd_cent__lte=Coalesce(F("limiet_cent"), 0) - F("gereserveerd_cent")),
                name="stand_binnen_limiet",
                violation_error_code="boven_budget",
                violation_error_message="Dit gaat over het budget dat nog beschikbaar is.",
            ),
            models.CheckConstraint(
                condition=Q(soort="krediet") | Q(vereffend_cent__lte=F("vastgelegd_cent")),
                name="stand_vereffend_binnen_vastgelegd",
                violation_error_code="boven_vastlegging",
                violation_error_message="Dit gaat over het bedrag dat vastgelegd is.",
            ),
            models.CheckConstraint(
                condition=Q(soort="krediet") | Q(uitbetaald_cent__lte=F("vereffend_cent")),
                name="stand_uitbetaald_binnen_vereffend",
                violation_error_code="boven_vereffening",
                violation_error_message="Dit gaat over het bedrag dat vereffend is.",
            ),
            models.CheckConstraint(
                condition=~Q(soort="krediet") | Q(vereffend_cent__lte=Coalesce(F("betaalkrediet_cent"), 0)),
                name="stand_binnen_betaalkrediet",
                violation_error_code="boven_betaalkrediet",
                violation_error_message="Dit gaat over het betaalkrediet van het jaar.",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{naam}_cent__gte": 0 for naam in AANTALLEN}), name="stand_niet_negatief"
            ),
            models.CheckConstraint(
                condition=Q(*(IsGeheel(F(f"{naam}_cent")) for naam in AANTALLEN))
                & (Q(limiet_cent=None) | Q(IsGeheel(F("limiet_cent"))))
                & (Q(betaalkrediet_cent=None) | Q(IsGeheel(F("betaalkrediet_cent")))),
                name="stand_hele_centen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.soort} {self.sleutel}"

    @property
    def beschikbaar_cent(self) -> int | None:
        """Return limit - reserved - committed, or None where no limit is set."""
        return None if self.limiet_cent is None else self.limiet_cent - self.gereserveerd_cent - self.vastgelegd_cent

    @property
    def encours_cent(self) -> int:
        """Return committed - charged: what may still fall due."""
        return self.vastgelegd_cent - self.vereffend_cent


@wachter("aanleiding_ontbreekt")
def aanleiding_voldaan(betaling: "Betaling") -> str | None:
    """An instalment is put forward only when its trigger is met."""
    schijf = betaling.schijf
    if schijf.aanleiding != Betaalschijf.Aanleiding.VERSLAG:
        return None
    verslag = betaling.dossier.verslagen.filter(moment_id=schijf.verslagmoment_id).first()
    if verslag is None or verslag.status != Verslag.Status.GOEDGEKEURD:
        soort = schijf.verslagmoment.get_soort_display().lower() if schijf.verslagmoment else "verslag"
        return f"Het {soort} is nog niet goedgekeurd."
    return None


@wachter("iban_ontbreekt")
def iban_bekend(betaling: "Betaling") -> str | None:
    """A payment needs an account."""
    return None if betaling.iban else "Het rekeningnummer van de begunstigde ontbreekt."


@wachter("geen_kennisgeving")
def kennisgegeven(betaling: "Betaling") -> str | None:
    """Nothing is paid before the beneficiary was told."""
    return None if betaling.dossier.kennisgegeven_op else "De toekenning is nog niet ter kennis gegeven."


class Betaalopdracht(FSMModelMixin, models.Model):
    """A batch of payments that left together, with its control total."""

    class Status(models.TextChoices):
        """States of an order."""

        VERSTUURD = "verstuurd", "Verstuurd"

    nummer = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001  null only while it is made
    status = FSMField(default=Status.VERSTUURD, choices=Status.choices, protected=True)
    aantal = models.PositiveIntegerField()
    totaal_cent = models.BigIntegerField()
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
        GOEDGEKEURD = "goedgekeurd", "Goedgekeurd voor betaling"
        VERSTUURD = "verstuurd", "Betaalopdracht verstuurd"
        UITBETAALD = "uitbetaald", "Uitbetaald"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="betalingen")
    schijf = models.ForeignKey(Betaalschijf, on_delete=models.PROTECT, related_name="betalingen")
    bedrag_cent = models.BigIntegerField()
    iban = models.CharField(max_length=34, blank=True)
    status = FSMField(default=Status.GEPLAND, choices=Status.choices, protected=True)
    opgesteld_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    goedgekeurd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opdracht = models.ForeignKey(
        Betaalopdracht, on_delete=models.PROTECT, null=True, blank=True, related_name="betalingen"
    )
    uitbetaald_op = models.DateField(null=True, blank=True, help_text="dag waarop het geld de bank verliet")

    class Meta:
        verbose_name = "de betaling"
        ordering: ClassVar = ["dossier_id", "schijf__volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "schijf"], name="betaling_per_schijf"),
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="betaling_positief"),
        ]

    def __str__(self) -> str:
        return f"{self.schijf} van {self.dossier}"

    @transition(
        status,
        source=Status.GEPLAND,
        target=Status.TE_CONTROLEREN,
        conditions=[kennisgegeven, aanleiding_voldaan, iban_bekend],
    )
    def stel_op(self) -> None:
        """Put forward for the check."""

    @transition(status, source=Status.TE_CONTROLEREN, target=Status.GOEDGEKEURD, conditions=[iban_bekend])
    def keur_goed(self) -> None:
        """Approve for payment."""

    @transition(status, source=Status.TE_CONTROLEREN, target=Status.GEPLAND)
    def stuur_terug(self) -> None:
        """Send back to the drafter."""

    @transition(status, source=Status.GOEDGEKEURD, target=Status.VERSTUURD)
    def verstuur(self) -> None:
        """Send in a payment order."""

    @transition(status, source=Status.VERSTUURD, target=Status.UITBETAALD)
    def betaal_uit(self) -> None:
        """The money left the bank."""


@bewaakt(verwijderen=False)
class Journaalregel(models.Model):
    """One booking. Never changed, never deleted; a mistake is a counter-entry in an open year."""

    class Soort(models.TextChoices):
        """Kinds of bookings; a counter-entry is negative."""

        RESERVERING = "reservering", "Reservering"
        VRIJGAVE = "vrijgave", "Vrijgave"
        VASTLEGGING = "vastlegging", "Vastlegging"
        ANNULERING = "annulering", "Annulering van de vastlegging"
        VEREFFENING = "vereffening", "Vereffening"
        TEGENVEREFFENING = "tegenvereffening", "Tegenvereffening"
        UITBETALING = "uitbetaling", "Uitbetaling"
        TERUGVORDERING = "terugvordering", "Terugvordering"
        ONTVANGST = "ontvangst", "Ontvangst"

    TEGENBOEKINGEN: ClassVar = (Soort.VRIJGAVE, Soort.ANNULERING, Soort.TEGENVEREFFENING)

    soort = models.CharField(max_length=20, choices=Soort)
    bedrag_cent = models.BigIntegerField()
    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="+")
    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, related_name="+")
    ronde = models.ForeignKey(Ronde, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="journaalregels")
    krediet = models.ForeignKey(Krediet, on_delete=models.PROTECT, related_name="journaalregels")
    betaling = models.ForeignKey(
        Betaling, on_delete=models.PROTECT, null=True, blank=True, related_name="journaalregels"
    )
    feitdatum = models.DateField(help_text="dag waarop het gebeurde; bepaalt het jaar")
    geboekt_op = models.DateTimeField()
    gebeurtenis = models.ForeignKey(Gebeurtenis, on_delete=models.PROTECT, related_name="+")
    nagespeeld = models.BooleanField(default=False)

    class Meta:
        verbose_name = "de journaalregel"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(soort__in=["vrijgave", "annulering", "tegenvereffening"]) & Q(bedrag_cent__lt=0))
                | (Q(soort="uitbetaling") & ~Q(bedrag_cent=0))
                | (
                    Q(soort__in=["reservering", "vastlegging", "vereffening", "terugvordering", "ontvangst"])
                    & Q(bedrag_cent__gt=0)
                ),
                name="journaal_teken_volgens_soort",
            ),
            models.CheckConstraint(condition=Q(IsGeheel(F("bedrag_cent"))), name="journaal_hele_centen"),
        ]
        indexes: ClassVar = [models.Index(fields=["oproep", "soort", "feitdatum"], name="journaal_oproep")]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} {self.bedrag_cent}"
