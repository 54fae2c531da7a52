"""What a track asks of the cost claims of its projects, fixed with the rest of the call at publication."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from oproepen.models.oproep import Luik


class Kostenregeling(models.Model):
    """The rules for cost claims of a track. A track without one asks for no claims (a lump sum, for instance)."""

    class Bewijs(models.TextChoices):
        """Which lines need evidence."""

        ELKE_REGEL = "elke_regel", "Bij elke regel"
        STEEKPROEF = "steekproef", "Bij de regels van de steekproef"

    class Vanaf(models.TextChoices):
        """From when a cost counts. Some calls allow costs from the application on, at the applicant's own risk."""

        PROJECT = "project", "Het begin van het project"
        AANVRAAG = "aanvraag", "De indiening van de aanvraag"

    luik = models.OneToOneField(Luik, on_delete=models.PROTECT, related_name="kostenregeling")
    tarief_procent = models.PositiveSmallIntegerField(help_text="deel van de aanvaarde kosten dat de subsidie betaalt")
    vanaf = models.CharField(max_length=10, choices=Vanaf, default=Vanaf.PROJECT)
    bewijs = models.CharField(max_length=12, choices=Bewijs)
    steekproef_minimum = models.PositiveSmallIntegerField(help_text="regels; een kleinere kostenstaat gaat er heel in")
    steekproef_procent = models.PositiveSmallIntegerField(help_text="van het aantal regels, naar boven afgerond")
    steekproef_altijd_vanaf_cent = models.BigIntegerField(
        null=True, blank=True, help_text="een regel van dit bedrag of meer zit er altijd in"
    )

    class Meta:
        verbose_name = "de kostenregeling"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(tarief_procent__gte=1, tarief_procent__lte=100), name="kostenregeling_tarief"
            ),
            models.CheckConstraint(
                condition=Q(steekproef_minimum__gte=1, steekproef_procent__lte=100), name="kostenregeling_steekproef"
            ),
            models.CheckConstraint(
                condition=Q(steekproef_altijd_vanaf_cent=None) | Q(steekproef_altijd_vanaf_cent__gt=0),
                name="kostenregeling_altijd_vanaf_positief",
            ),
        ]

    def __str__(self) -> str:
        return f"kostenregeling van {self.luik}"


class Kostencategorie(models.Model):
    """A kind of costs, with how far it may differ from the budget."""

    regeling = models.ForeignKey(Kostenregeling, on_delete=models.PROTECT, related_name="categorieen")
    sleutel = models.SlugField(max_length=40)
    volgorde = models.PositiveSmallIntegerField()
    naam = models.CharField(max_length=100)
    marge_procent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="hoeveel meer dan begroot; leeg: geen grens"
    )
    aandeel_procent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="hoogstens dit deel van alle kosten; leeg: geen grens"
    )

    class Meta:
        verbose_name = "de kostensoort"
        ordering: ClassVar = ["regeling_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regeling", "sleutel"], name="kostencategorie_sleutel"),
            models.UniqueConstraint(fields=["regeling", "naam"], name="kostencategorie_naam"),
            models.CheckConstraint(
                condition=Q(aandeel_procent=None) | Q(aandeel_procent__gte=1, aandeel_procent__lte=100),
                name="kostencategorie_aandeel",
            ),
        ]

    def __str__(self) -> str:
        return self.naam


class Kostenforfait(models.Model):
    """A flat rate on accepted costs, for which nothing is claimed and no evidence is asked."""

    regeling = models.ForeignKey(Kostenregeling, on_delete=models.PROTECT, related_name="forfaits")
    sleutel = models.SlugField(max_length=40)
    volgorde = models.PositiveSmallIntegerField()
    naam = models.CharField(max_length=100)
    procent = models.PositiveSmallIntegerField(help_text="van de aanvaarde kosten")
    grondslag = models.JSONField(default=list, blank=True, help_text="lijst van kostensoorten; leeg: alle")

    class Meta:
        verbose_name = "het forfait"
        ordering: ClassVar = ["regeling_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regeling", "sleutel"], name="kostenforfait_sleutel"),
            models.CheckConstraint(condition=Q(procent__gte=1, procent__lte=100), name="kostenforfait_procent"),
        ]

    def __str__(self) -> str:
        return self.naam
