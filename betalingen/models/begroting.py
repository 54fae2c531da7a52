"""Where the money comes from: articles, their credit per year, the totals with their limits, and budget years."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.deconstruct import deconstructible
from django_fsm import FSMField, FSMModelMixin, transition

from kern.models import Gebeurtenis
from kern.triggers import bewaakt

AANTALLEN = ("gereserveerd", "vastgelegd", "vervallen", "vereffend", "uitbetaald", "teruggevorderd", "ontvangen")


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

    class Aard(models.TextChoices):
        """What commitments are made on."""

        VASTLEGGINGSKREDIET = "vak", "vastleggingskrediet"
        MACHTIGING = "machtiging", "vastleggingsmachtiging"

    artikel = models.ForeignKey(Begrotingsartikel, on_delete=models.PROTECT, related_name="kredieten")
    jaar = models.PositiveSmallIntegerField()
    aard = models.CharField(max_length=12, choices=Aard, default=Aard.VASTLEGGINGSKREDIET)

    class Meta:
        verbose_name = "het krediet"
        ordering: ClassVar = ["artikel__code", "jaar"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["artikel", "jaar"], name="krediet_artikel_jaar")]

    def __str__(self) -> str:
        return f"{self.artikel} {self.jaar}"


class Stand(models.Model):
    """The totals of one subject, with its limit. Only betalingen/grootboek.py writes here.

    No limit means that nothing can be spent. For a krediet `limiet_cent` is the commitment credit (VAK) and
    `betaalkrediet_cent` the payment credit (VEK); a charge may fall on a commitment of an earlier year, so the order
    vastgelegd >= vereffend holds for the other subjects only. A payment stands on the credit of its charge, whenever
    it leaves; of before that rule a database may hold some on the credit of their own year.

    `vervallen_cent` is what a cancellation in a later year than the commitment freed: it lowers the encours, but
    cannot be committed again (Flemish accounting manual, arr-3-2-7).
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
    vervallen_cent = models.BigIntegerField(default=0)
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
                condition=Q(
                    vastgelegd_cent__lte=Coalesce(F("limiet_cent"), 0) - F("gereserveerd_cent") - F("vervallen_cent")
                ),
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
            # For a credit too: a claim and what comes in on it stand on the credit that had paid.
            models.CheckConstraint(
                condition=Q(ontvangen_cent__lte=F("teruggevorderd_cent")),
                name="stand_ontvangen_binnen_teruggevorderd",
                violation_error_code="boven_terugvordering",
                violation_error_message="Dit gaat over het bedrag dat teruggevorderd is.",
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
    def is_ingesteld(self) -> bool:
        """Return whether a limit was ever given."""
        return self.limiet_cent is not None or self.betaalkrediet_cent is not None

    @property
    def besteed_cent(self) -> int:
        """Return what of the limit is used: reserved, committed, or freed too late to be used again."""
        return self.gereserveerd_cent + self.vastgelegd_cent + self.vervallen_cent

    @property
    def beschikbaar_cent(self) -> int | None:
        """Return what of the limit is left, or None where no limit is set."""
        return None if self.limiet_cent is None else self.limiet_cent - self.besteed_cent

    @property
    def encours_cent(self) -> int:
        """Return committed - charged: what may still fall due."""
        return self.vastgelegd_cent - self.vereffend_cent


@bewaakt(verwijderen=False)
class Limietregel(models.Model):
    """One setting of the limit of a subject: what its Stand holds, with when and why. Never changed, never deleted.

    `referentie` is that of the outside decision (a credit redistribution, say). The last row of a subject is its
    limit; an earlier day has the last row that was known then.
    """

    soort = models.CharField(max_length=10, choices=Stand.Soort)
    sleutel = models.BigIntegerField()
    limiet_cent = models.BigIntegerField(null=True)
    betaalkrediet_cent = models.BigIntegerField(null=True)
    feitdatum = models.DateField(help_text="dag vanaf wanneer het geldt")
    geboekt_op = models.DateTimeField()
    referentie = models.CharField(max_length=200, blank=True)
    gebeurtenis = models.ForeignKey(Gebeurtenis, on_delete=models.PROTECT, related_name="+")
    nagespeeld = models.BooleanField(default=False)

    class Meta:
        verbose_name = "de limietregel"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["soort", "sleutel"], name="limietregel_onderwerp")]

    def __str__(self) -> str:
        return f"{self.soort} {self.sleutel}: {self.limiet_cent}"


class Begrotingsjaar(FSMModelMixin, models.Model):
    """A budget year; once closed, nothing has its date in it or uses its credit. A year without a row is open."""

    class Status(models.TextChoices):
        """States of a budget year."""

        OPEN = "open", "Open"
        AFGESLOTEN = "afgesloten", "Afgesloten"

    jaar = models.PositiveSmallIntegerField(unique=True)
    status = FSMField(default=Status.OPEN, choices=Status.choices, protected=True)
    afgesloten_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    afgesloten_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "het begrotingsjaar"
        ordering: ClassVar = ["jaar"]

    def __str__(self) -> str:
        return str(self.jaar)

    @transition(status, source=Status.OPEN, target=Status.AFGESLOTEN)
    def sluit_af(self) -> None:
        """Close the year."""
