"""What goes to the bank: the account that is paid from, the lines of an order, and the files made of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from betalingen.models.begroting import IsGeheel
from betalingen.models.betaling import Betaalopdracht, Betaling
from kern.triggers import bewaakt


@bewaakt(verwijderen=False)
class Rekening(models.Model):
    """The account that a granter pays from, with what a bank wants to know of the payer.

    Never changed, never deleted: a change is a new row, and the last row of a granter counts. A payment file keeps
    the row it was made with, so the same file can be made again.
    """

    verstrekker = models.CharField(max_length=200, help_text="zoals in de oproep")
    naam = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    kbo = models.CharField(max_length=10, blank=True)
    straat = models.CharField(max_length=70, blank=True)
    huisnummer = models.CharField(max_length=16, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    gemeente = models.CharField(max_length=35, blank=True)
    ingesteld_op = models.DateTimeField()
    ingesteld_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de rekening"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["verstrekker"], name="rekening_verstrekker")]

    def __str__(self) -> str:
        return f"{self.naam} {self.iban}"


@bewaakt(verwijderen=False)
class Opdrachtregel(models.Model):
    """A payment as it left in an order: to whom, to which account, how much. Never changed, never deleted.

    A payment that the bank refuses may leave again in another order; then it has a line in each.
    """

    opdracht = models.ForeignKey(Betaalopdracht, on_delete=models.PROTECT, related_name="regels")
    betaling = models.ForeignKey(Betaling, on_delete=models.PROTECT, related_name="opdrachtregels")
    naam = models.CharField(max_length=200, help_text="begunstigde")
    iban = models.CharField(max_length=34)
    bedrag_cent = models.BigIntegerField()

    class Meta:
        verbose_name = "de opdrachtregel"
        ordering: ClassVar = ["opdracht_id", "betaling_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opdracht", "betaling"], name="opdrachtregel_uniek"),
            models.CheckConstraint(
                condition=Q(bedrag_cent__gt=0) & Q(IsGeheel(F("bedrag_cent"))), name="opdrachtregel_positief"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opdracht}: {self.betaling_id}"


@bewaakt(verwijderen=False)
class Betaalbestand(models.Model):
    """A payment file that was made of an order: its hash, not its bytes, for these can be made again.

    The first has no reason; every other one has. Never changed, never deleted.
    """

    opdracht = models.ForeignKey(Betaalopdracht, on_delete=models.PROTECT, related_name="bestanden")
    nummer = models.PositiveSmallIntegerField()
    versie = models.CharField(max_length=2, help_text="van pain.001.001")
    rekening = models.ForeignKey(Rekening, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    grootte = models.PositiveIntegerField(help_text="in bytes")
    reden = models.CharField(max_length=500, blank=True)
    gemaakt_op = models.DateTimeField()
    gemaakt_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "het betaalbestand"
        ordering: ClassVar = ["opdracht_id", "nummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opdracht", "nummer"],
                name="betaalbestand_nummer_per_opdracht",
                violation_error_code="al_gemaakt",
                violation_error_message="Het bestand van deze betaalopdracht is intussen gemaakt.",
            ),
            models.CheckConstraint(
                condition=Q(nummer=1, reden="") | (Q(nummer__gt=1) & ~Q(reden="")),
                name="betaalbestand_opnieuw_met_reden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opdracht}, bestand {self.nummer}"
