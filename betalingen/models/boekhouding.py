"""Where the books of a granter are kept, and what an outside accounting system reported of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from betalingen.models.begroting import IsGeheel
from betalingen.models.betaling import Betaling
from dossiers.models import Dossier
from kern.triggers import bewaakt


@bewaakt(verwijderen=False)
class Boekhouding(models.Model):
    """Where a granter keeps its books. Never changed, never deleted; the last row of a granter counts, none is here."""

    class Wijze(models.TextChoices):
        """Two ways of keeping books."""

        HIER = "hier", "In dit loket"
        EXTERN = "extern", "In een ander boekhoudsysteem"

    verstrekker = models.CharField(max_length=200, help_text="zoals in de oproep")
    wijze = models.CharField(max_length=6, choices=Wijze)
    reden = models.CharField(max_length=500)
    ingesteld_op = models.DateTimeField()
    ingesteld_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de boekhouding"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["verstrekker"], name="boekhouding_verstrekker")]

    def __str__(self) -> str:
        return f"{self.verstrekker}: {self.get_wijze_display()}"


@bewaakt(verwijderen=False)
class Vastleggingsnummer(models.Model):
    """The number under which an outside system holds the commitment of a dossier. Never changed, never deleted."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="vastleggingsnummer")
    verstrekker = models.CharField(max_length=200)
    nummer = models.CharField(max_length=40)
    datum = models.DateField()
    geregistreerd_op = models.DateTimeField()
    geregistreerd_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "het vastleggingsnummer"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["verstrekker", "nummer"],
                name="vastleggingsnummer_per_verstrekker",
                violation_error_code="nummer_bestaat",
                violation_error_message="Dit vastleggingsnummer staat al bij een ander dossier van deze verstrekker.",
            )
        ]

    def __str__(self) -> str:
        return self.nummer


@bewaakt(verwijderen=False)
class Buitenfeit(models.Model):
    """A fact as an outside system reported it, whether it fits or not. Never changed, never deleted.

    `kenmerk` says which fact it is; when the other system corrects it, a row with a higher `versie` is added, and the
    last one counts.
    """

    class Soort(models.TextChoices):
        """Kinds of facts."""

        VASTLEGGING = "vastlegging", "Vastlegging"
        VEREFFENING = "vereffening", "Vereffening"
        BETALING = "betaling", "Betaling"

    verstrekker = models.CharField(max_length=200)
    soort = models.CharField(max_length=12, choices=Soort)
    kenmerk = models.CharField(max_length=64)
    versie = models.PositiveIntegerField(default=1)
    dossiernummer = models.CharField(max_length=40)
    vastleggingsnummer = models.CharField(max_length=40, blank=True)
    stuknummer = models.CharField(max_length=40, blank=True)
    referentie = models.CharField(max_length=60, blank=True, help_text="van de betaling")
    bedrag_cent = models.BigIntegerField()
    datum = models.DateField()
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="buitenfeiten")
    betaling = models.ForeignKey(Betaling, on_delete=models.PROTECT, null=True, blank=True, related_name="buitenfeiten")
    ingelezen_op = models.DateTimeField()
    ingelezen_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "het feit uit de boekhouding"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["verstrekker", "kenmerk", "versie"],
                name="buitenfeit_versie",
                violation_error_code="intussen_gewijzigd",
                violation_error_message="Dit feit is intussen al ingelezen. Lees het bestand opnieuw in.",
            ),
            models.CheckConstraint(condition=Q(IsGeheel(F("bedrag_cent"))), name="buitenfeit_hele_centen"),
        ]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} {self.dossiernummer} {self.bedrag_cent}"


@bewaakt(verwijderen=False)
class Verschilverklaring(models.Model):
    """Why a difference with the outside system may stay. Never changed, never deleted.

    It is about these figures only: when one of them changes, the difference has another key and shows again.
    `feit`: what was reported; None for what was not.
    """

    verstrekker = models.CharField(max_length=200)
    sleutel = models.CharField(max_length=64)
    feit = models.ForeignKey(Buitenfeit, on_delete=models.PROTECT, null=True, blank=True, related_name="verklaringen")
    reden = models.CharField(max_length=500)
    verklaard_op = models.DateTimeField()
    verklaard_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de verklaring van een verschil"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["verstrekker", "sleutel"],
                name="verschilverklaring_een",
                violation_error_code="al_verklaard",
                violation_error_message="Dit verschil is al verklaard.",
            )
        ]

    def __str__(self) -> str:
        return self.sleutel
