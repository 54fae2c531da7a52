"""A policy plan with its priorities, actions and budget lines, as the plan itself says it; nothing here is computed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Plan(models.Model):
    """A policy plan."""

    slug = models.SlugField(max_length=80, unique=True)
    titel = models.CharField(max_length=200)
    van = models.DateField(help_text="eerste dag")
    tot = models.DateField(help_text="laatste dag, inbegrepen")

    class Meta:
        verbose_name = "het plan"
        ordering: ClassVar = ["van", "slug"]

    def __str__(self) -> str:
        return self.titel


class Planbron(models.Model):
    """A document that a plan was read from: the plan itself, or the one that tells how far the actions are."""

    class Soort(models.TextChoices):
        """What was read from it."""

        PLAN = "bron", "Het plan zelf"
        STATUS = "bron_status", "De stand van de acties"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="bronnen")
    soort = models.CharField(max_length=20, choices=Soort)
    titel = models.CharField(max_length=200)
    uitgever = models.CharField(max_length=200)
    gelezen = models.TextField(help_text="welk deel, en in welke vorm")
    sha256 = models.CharField(max_length=64, help_text="van de tekst zoals gelezen")

    class Meta:
        verbose_name = "de bron van een plan"
        ordering: ClassVar = ["plan_id", "soort"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "soort"], name="planbron_per_soort")]

    def __str__(self) -> str:
        return self.titel


class Speerpunt(models.Model):
    """A priority of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="speerpunten")
    nr = models.PositiveSmallIntegerField()
    titel = models.TextField()

    class Meta:
        verbose_name = "het speerpunt"
        ordering: ClassVar = ["plan_id", "nr"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "nr"], name="speerpunt_nr_per_plan")]

    def __str__(self) -> str:
        return f"{self.nr}. {self.titel}"


class Actie(models.Model):
    """An action of a plan. `oproep_slug` names the call through which it hands out money, loaded or not."""

    class Status(models.TextChoices):
        """How far an action is, in the words of the answer to parliament."""

        OP_TE_STARTEN = "op_te_starten", "Nog op te starten"
        IN_UITVOERING = "in_uitvoering", "In uitvoering"
        AFGEROND = "afgerond", "Afgerond"

    class Nauwkeurigheid(models.TextChoices):
        """How precise `van` and `tot` are."""

        DAG = "dag", "op de dag"
        MAAND = "maand", "op de maand"
        JAAR = "jaar", "op het jaar"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="acties")
    speerpunt = models.ForeignKey(Speerpunt, on_delete=models.PROTECT, related_name="acties")
    nr = models.PositiveSmallIntegerField()
    titel = models.TextField()
    ministers = models.JSONField(help_text="lijst van namen")
    ministers_tekst = models.TextField(help_text="zoals het plan het schrijft")
    administraties = models.JSONField(help_text="lijst van namen")
    administraties_tekst = models.TextField(help_text="zoals het plan het schrijft")
    timing = models.TextField(help_text="zoals het plan het schrijft")
    van = models.DateField(null=True, blank=True, help_text="eerste dag, uit de timing")
    tot = models.DateField(null=True, blank=True, help_text="laatste dag, inbegrepen, uit de timing")
    timing_nauwkeurigheid = models.CharField(max_length=10, choices=Nauwkeurigheid, blank=True)
    timing_opmerking = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=Status)
    oproep_slug = models.SlugField(max_length=80, blank=True)
    geen_bedrag_omdat = models.TextField(blank=True)

    class Meta:
        verbose_name = "de actie"
        ordering: ClassVar = ["plan_id", "nr"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "nr"], name="actie_nr_per_plan")]

    def __str__(self) -> str:
        return f"Actie {self.nr}: {self.titel}"


class Actiebudget(models.Model):
    """A budget line of an action, with the words of the plan that it was read from."""

    class Soort(models.TextChoices):
        """How often the money comes."""

        EENMALIG = "eenmalig", "Eenmalig"
        JAARLIJKS = "jaarlijks", "Jaarlijks"
        RECURRENT = "recurrent", "Recurrent"

    actie = models.ForeignKey(Actie, on_delete=models.PROTECT, related_name="budgetten")
    volgorde = models.PositiveSmallIntegerField()
    soort = models.CharField(max_length=10, choices=Soort)
    bedrag_cent = models.BigIntegerField(null=True, blank=True, help_text="leeg: nog te bepalen volgens het plan")
    jaar = models.PositiveSmallIntegerField(null=True, blank=True, help_text="alleen waar het plan één jaar noemt")
    omschrijving = models.TextField()
    telt_mee = models.BooleanField(help_text="niet: het bedrag mag niet mee opgeteld worden")
    opmerking = models.TextField(blank=True)
    bronfragment = models.TextField(help_text="letterlijk uit het plan")

    class Meta:
        verbose_name = "de budgetregel"
        ordering: ClassVar = ["actie_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actie", "volgorde"], name="actiebudget_volgorde_per_actie"),
            models.CheckConstraint(
                condition=Q(bedrag_cent=None) | Q(bedrag_cent__gt=0), name="actiebudget_bedrag_positief"
            ),
        ]

    def __str__(self) -> str:
        return self.omschrijving
