"""The auditor's report of a year, as it was when the year was closed."""

from typing import ClassVar

from django.db import models

from betalingen.models.begroting import Begrotingsjaar
from kern.models import Bestand
from kern.triggers import bewaakt
from oproepen.models import Oproep


@bewaakt(verwijderen=False)
class Jaarrapport(models.Model):
    """The report of one call on a closed year; the event of the closing has its hash. Never changed, never deleted."""

    begrotingsjaar = models.ForeignKey(Begrotingsjaar, on_delete=models.PROTECT, related_name="rapporten")
    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="+")
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    regels = models.PositiveIntegerField(help_text="boekingen in het rapport")

    class Meta:
        verbose_name = "het jaarrapport"
        ordering: ClassVar = ["begrotingsjaar__jaar", "oproep_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["begrotingsjaar", "oproep"], name="jaarrapport_per_oproep"),
        ]

    def __str__(self) -> str:
        return f"{self.begrotingsjaar} {self.oproep}"
