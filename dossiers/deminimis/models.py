"""The declaration of de-minimis aid that an applicant makes, with the aid that the single undertaking received."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from oproepen.deminimis import Verordening


class Steunverklaring(models.Model):
    """What an applicant declares; `versie` counts its changes, so that two tabs cannot overwrite each other."""

    class Keuze(models.TextChoices):
        """Whether there was any."""

        GEEN = "geen", "Nee"
        WEL = "wel", "Ja"

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="steunverklaring")
    keuze = models.CharField(max_length=4, choices=Keuze, blank=True)
    verbonden = models.TextField(blank=True, help_text="ondernemingen die met de aanvrager één onderneming vormen")
    op_eer = models.BooleanField(default=False)
    versie = models.PositiveIntegerField(default=0)
    gewijzigd_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    gewijzigd_op = models.DateTimeField()

    class Meta:
        verbose_name = "de verklaring op eer"

    def __str__(self) -> str:
        return f"verklaring van {self.dossier}"


class Steunregel(models.Model):
    """Aid that the single undertaking received from somebody."""

    verklaring = models.ForeignKey(Steunverklaring, on_delete=models.PROTECT, related_name="regels")
    volgorde = models.PositiveSmallIntegerField()
    verstrekker = models.CharField(max_length=200)
    datum = models.DateField(help_text="van de toekenning")
    bedrag_cent = models.BigIntegerField()
    verordening = models.CharField(max_length=10, choices=Verordening)

    class Meta:
        verbose_name = "de steunregel"
        ordering: ClassVar = ["verklaring_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["verklaring", "volgorde"], name="steunregel_volgorde"),
            models.CheckConstraint(condition=Q(bedrag_cent__gt=0), name="steunregel_positief"),
        ]

    def __str__(self) -> str:
        return self.verstrekker
