"""Tables without a domain: chains of events, the outbox and stored files."""

from pathlib import PurePath
from typing import ClassVar

from django.conf import settings
from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition

from kern.triggers import bewaakt


class Keten(models.Model):
    """The chain of one object that has acts; its row is locked while an event is added."""

    soort = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    laatste_nummer = models.PositiveIntegerField(default=0)
    laatste_hash = models.BinaryField(max_length=32, default=bytes(32))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["soort", "object_id"], name="keten_een_per_object")]

    def __str__(self) -> str:
        return f"{self.soort} {self.object_id}"


@bewaakt(verwijderen=False)
class Gebeurtenis(models.Model):
    """One act that happened to one object. Never changed, never deleted.

    `hash` covers every column and the previous hash; the payload itself is covered through `inhoud_hash`,
    so that it can be erased (privacy) while the chain still verifies.
    """

    keten = models.ForeignKey(Keten, on_delete=models.PROTECT, related_name="gebeurtenissen")
    nummer = models.PositiveIntegerField()
    handeling = models.CharField(max_length=80)
    door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moment = models.DateTimeField()
    van = models.CharField(max_length=40, blank=True)
    naar = models.CharField(max_length=40, blank=True)
    inhoud_hash = models.BinaryField(max_length=32)
    vorige_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    nagespeeld = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["keten", "nummer"], name="gebeurtenis_nummer_per_keten")
        ]
        ordering: ClassVar = ["keten_id", "nummer"]

    def __str__(self) -> str:
        return f"{self.handeling} ({self.nummer})"


@bewaakt(verwijderen=True)
class GebeurtenisInhoud(models.Model):
    """Salt and canonical payload of an event. Never changed; deleted only by the act of privacy `wis_inhoud`."""

    gebeurtenis = models.OneToOneField(
        Gebeurtenis, on_delete=models.PROTECT, primary_key=True, related_name="bewaarde_inhoud"
    )
    zout = models.BinaryField(max_length=16)
    inhoud = models.BinaryField()

    def __str__(self) -> str:
        return f"inhoud van {self.gebeurtenis_id}"


class Uitgaand(models.Model):
    """One side effect that must happen once: a row of the outbox (kern/outbox.py)."""

    soort = models.CharField(max_length=40)
    sleutel = models.CharField(max_length=200, unique=True)
    inhoud = models.JSONField()
    gemaakt_op = models.DateTimeField()
    pogingen = models.PositiveSmallIntegerField(default=0)
    niet_voor = models.DateTimeField()
    lease_tot = models.DateTimeField(null=True, blank=True)
    klaar_op = models.DateTimeField(null=True, blank=True)
    opgegeven_op = models.DateTimeField(null=True, blank=True)
    laatste_fout = models.TextField(blank=True)
    nagespeeld = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["niet_voor", "id"],
                condition=models.Q(klaar_op=None, opgegeven_op=None),
                name="uitgaand_te_doen",
            )
        ]

    def __str__(self) -> str:
        return self.sleutel


@bewaakt(verwijderen=False)
class VerstuurdStuk(models.Model):
    """A document as it left with a side effect: proof of which letter was sent. Never changed, never deleted."""

    uitgaand = models.ForeignKey(Uitgaand, on_delete=models.PROTECT, related_name="verstuurde_stukken")
    naam = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    verstuurd_op = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.naam} bij {self.uitgaand_id}"


class Bestand(models.Model):
    """A stored upload: content by its SHA-256 in the storage, name and type as checked at receipt."""

    naam = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    grootte = models.PositiveBigIntegerField(help_text="in bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    geplaatst_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    geplaatst_op = models.DateTimeField()

    def __str__(self) -> str:
        return self.naam

    @property
    def pad(self) -> str:
        """Return the path in the storage."""
        return f"{self.sha256[:2]}/{self.sha256}"

    @property
    def soort(self) -> str:
        """Return the type as people know it ('PDF'): the end of the name, which fits the content (kern/uploads.py)."""
        return PurePath(self.naam).suffix.lstrip(".").upper()


class Inlezing(FSMModelMixin, models.Model):
    """A sheet that somebody brought back: which file, of which kind, and what it did once it was confirmed."""

    class Status(models.TextChoices):
        """States of a sheet that came back."""

        KLAARGEZET = "klaargezet", "Klaargezet"
        INGELEZEN = "ingelezen", "Ingelezen"

    soort = models.CharField(max_length=40)
    bestand = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    klaargezet_op = models.DateTimeField()
    status = FSMField(default=Status.KLAARGEZET, choices=Status.choices, protected=True)
    ingelezen_op = models.DateTimeField(null=True, blank=True)
    nieuw = models.PositiveIntegerField(default=0)
    gewijzigd = models.PositiveIntegerField(default=0)
    ongewijzigd = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "de inlezing"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.soort}: {self.bestand}"

    @transition(status, source=Status.KLAARGEZET, target=Status.INGELEZEN)
    def bevestig(self) -> None:
        """Its preview was confirmed, and applied."""


class Uitvoer(models.Model):
    """An export that is made in the background (kern/uitvoer.py). A convenience: no act, and it leaves no event."""

    class Status(models.TextChoices):
        """How far it is."""

        WACHT = "wacht", "Wacht"
        BEZIG = "bezig", "Bezig"
        KLAAR = "klaar", "Klaar"
        MISLUKT = "mislukt", "Mislukt"

    door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lijst = models.CharField(max_length=40)
    vraag = models.TextField(blank=True, help_text="wat in het adres na het vraagteken staat")
    formaat = models.CharField(max_length=4)
    status = models.CharField(max_length=10, choices=Status, default=Status.WACHT)
    poging = models.PositiveSmallIntegerField(default=1)
    gevraagd_op = models.DateTimeField()
    totaal = models.PositiveIntegerField(default=0)
    gedaan = models.PositiveIntegerField(default=0)
    klaar_op = models.DateTimeField(null=True, blank=True)
    vervalt_op = models.DateTimeField(null=True, blank=True)
    naam = models.CharField(max_length=120, blank=True)
    pad = models.CharField(max_length=100, blank=True)
    zin = models.TextField(blank=True, help_text="waarom het mislukte")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["door", "lijst", "vraag", "formaat"],
                condition=models.Q(status__in=["wacht", "bezig"]),
                name="uitvoer_een_tegelijk",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lijst}.{self.formaat}"

    @property
    def procent(self) -> int:
        """Return how far it is, of 100."""
        return 100 if self.status == self.Status.KLAAR else self.gedaan * 100 // self.totaal if self.totaal else 0
