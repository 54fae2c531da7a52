"""The journal."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from betalingen.models.begroting import IsGeheel, Krediet
from betalingen.models.betaling import Betaling
from betalingen.models.terugvordering import Terugvordering
from dossiers.models import Dossier
from kern.models import Gebeurtenis
from kern.triggers import Invoeging, bewaakt
from oproepen.models import Luik, Oproep, Ronde

# The road asks this with a sentence, under its locks; this is for what goes round it.
IN_DICHT_JAAR = Invoeging(
    "EXISTS (SELECT 1 FROM betalingen_begrotingsjaar WHERE status = 'afgesloten' AND (jaar >= {jaar_van:feitdatum} "
    "OR (NEW.soort IN ('reservering', 'vastlegging', 'vereffening') AND jaar >= "
    "(SELECT k.jaar FROM betalingen_krediet k WHERE k.id = NEW.krediet_id))))",
    "het begrotingsjaar is afgesloten",
)


@bewaakt(verwijderen=False, geweigerd=IN_DICHT_JAAR)
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
    terugvordering = models.ForeignKey(
        Terugvordering, on_delete=models.PROTECT, null=True, blank=True, related_name="journaalregels"
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
                | (Q(soort__in=["uitbetaling", "terugvordering", "ontvangst"]) & ~Q(bedrag_cent=0))
                | (Q(soort__in=["reservering", "vastlegging", "vereffening"]) & Q(bedrag_cent__gt=0)),
                name="journaal_teken_volgens_soort",
            ),
            models.CheckConstraint(condition=Q(IsGeheel(F("bedrag_cent"))), name="journaal_hele_centen"),
        ]
        indexes: ClassVar = [models.Index(fields=["oproep", "soort", "feitdatum"], name="journaal_oproep")]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} {self.bedrag_cent}"
