"""What goes to the bank: the account that is paid from, the lines of an order, and the files made of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

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
    """A file that was made of an order, for the bank or (a sheet) for who pays in another system: its hash.

    The bytes of a pain file can be made again. The first of an order has no reason; every other one has, of whatever
    kind: two files can be paid twice. Never changed, never deleted.
    """

    BLADEN: ClassVar = ("xlsx", "csv")

    opdracht = models.ForeignKey(Betaalopdracht, on_delete=models.PROTECT, related_name="bestanden")
    nummer = models.PositiveSmallIntegerField()
    versie = models.CharField(max_length=4, help_text="van pain.001.001, of de soort rekenblad")
    rekening = models.ForeignKey(Rekening, on_delete=models.PROTECT, null=True, related_name="+")
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
            models.CheckConstraint(
                condition=Q(versie__in=["xlsx", "csv"], rekening=None)
                | (~Q(versie__in=["xlsx", "csv"]) & Q(rekening__isnull=False)),
                name="betaalbestand_rekening_bij_pain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opdracht}, bestand {self.nummer}"

    @property
    def soort(self) -> str:
        """Return what kind of file it is, in words."""
        return f"rekenblad (.{self.versie})" if self.versie in self.BLADEN else f"pain.001.001.{self.versie}"


@bewaakt(verwijderen=False)
class Afschrift(models.Model):
    """A file with statements of one account, as it was read. Never changed, never deleted."""

    rekening = models.ForeignKey(Rekening, on_delete=models.PROTECT, related_name="afschriften")
    bericht_id = models.CharField(max_length=35, blank=True)
    begindatum = models.DateField()
    einddatum = models.DateField()
    sha256 = models.CharField(max_length=64)
    ingelezen_op = models.DateTimeField()
    ingelezen_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "het rekeningafschrift"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.rekening.iban} {self.begindatum} {self.einddatum}"


@bewaakt(verwijderen=False)
class Bankregel(models.Model):
    """A line of a statement as the bank wrote it; `sleutel` tells it from all others. Never changed, never deleted."""

    afschrift = models.ForeignKey(Afschrift, on_delete=models.PROTECT, related_name="bankregels")
    sleutel = models.CharField(max_length=64)
    boekdatum = models.DateField()
    bedrag_cent = models.BigIntegerField(help_text="negatief wat vertrok")
    end_to_end_id = models.CharField(max_length=35, blank=True)
    ogm = models.CharField(max_length=12, blank=True)
    tegenpartij = models.CharField(max_length=140, blank=True)
    tegenrekening = models.CharField(max_length=34, blank=True)
    tekst = models.TextField(blank=True)
    reden = models.CharField(max_length=35, blank=True)
    reden_tekst = models.TextField(blank=True)
    bankstatus = models.CharField(max_length=4)
    omgekeerd = models.BooleanField(default=False)
    plaats = models.CharField(max_length=40)
    bericht_id = models.CharField(max_length=35, blank=True)
    blok_id = models.CharField(max_length=35, blank=True)

    class Meta:
        verbose_name = "de bankregel"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sleutel"],
                name="bankregel_sleutel",
                violation_error_code="al_ingelezen",
                violation_error_message="Dit afschrift wordt op dit moment al ingelezen.",
            ),
            models.CheckConstraint(condition=Q(IsGeheel(F("bedrag_cent"))), name="bankregel_hele_centen"),
        ]

    def __str__(self) -> str:
        return f"{self.boekdatum} {self.bedrag_cent}"


# What to do with another amount than was expected; nothing of it is booked by itself.
STAPPEN = {
    "te_weinig": (
        "Vraag de bank om de rest te betalen, of om alles terug te storten. Is alles betaald, meld de betaling dan "
        "als uitbetaald. Kwam alles terug, meld dan dat ze terugkwam. Sluit daarna deze regel af."
    ),
    "te_veel": (
        "Vraag de bank om terug te storten wat ze te veel betaalde. Meld de betaling als uitbetaald, en sluit deze "
        "regel en die van de terugstorting af."
    ),
    "terug": (
        "Vraag de bank waarom een ander bedrag terugkwam. Kwam alles terug, meld dan dat de betaling terugkwam. Sluit "
        "daarna deze regel af."
    ),
    "opdracht": (
        "Vraag de bank welke betalingen van de opdracht niet vertrokken. Meld die als geweigerd. Lees daarna het "
        "volgende afschrift in: klopt het bedrag dan, dan wordt deze regel vanzelf verwerkt. Meld anders de overige "
        "betalingen als uitbetaald, en sluit deze regel af."
    ),
    "ontvangst": (
        "Registreer bij de terugvordering wat verschuldigd was als ontvangen. Betaal de rest terug aan wie ze stortte, "
        "via uw bank, en sluit deze regel af met die reden. Wat te veel ontvangen is, wordt in dit loket niet geboekt."
    ),
}


class Afschriftregel(FSMModelMixin, models.Model):
    """What became of a line: booked, or waiting for a person."""

    class Status(models.TextChoices):
        """States of a line."""

        VERWERKT = "verwerkt", "Verwerkt"
        VOORSTEL = "voorstel", "Voorstel"
        OPEN = "open", "Niet gevonden"
        AANGEKONDIGD = "aangekondigd", "Alleen aangekondigd"
        AFGESLOTEN = "afgesloten", "Nagekeken"

    regel = models.OneToOneField(Bankregel, on_delete=models.PROTECT, related_name="uitkomst")
    status = FSMField(default=Status.OPEN, choices=Status.choices, protected=True)
    soort = models.CharField(max_length=20, help_text="uitkomst van de koppeling")
    wordt = models.CharField(max_length=20, blank=True, help_text="wat een ja betekent")
    alle = models.BooleanField(default=False, help_text="een ja geldt voor alle betalingen samen")
    uitleg = models.TextField(blank=True)
    herroepen = models.BooleanField(default=False, help_text="alleen een persoon zegt nog wat dit is")
    betalingen = models.ManyToManyField(Betaling, related_name="+", blank=True)
    terugvorderingen = models.ManyToManyField("betalingen.Terugvordering", related_name="+", blank=True)

    class Meta:
        verbose_name = "de afschriftregel"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.regel)

    @property
    def label(self) -> str:
        """Return what it is, in words: of an open line also what was found."""
        gevonden = {
            "deels": "Ander bedrag",
            "niet_gevonden": "Al betaald",
            "jaar_dicht": "Jaar afgesloten",
        }.get(self.soort)
        heeft = self.soort != "niet_gevonden" or bool(self.betalingen.all())
        open_ = self.status == self.Status.OPEN
        return gevonden if open_ and heeft and gevonden else self.get_status_display()

    @property
    def volgende_stap(self) -> str:
        """Return what a person does with an open line that was found, with another amount than was expected."""
        if self.status != self.Status.OPEN or self.soort != "deels":
            return ""
        if self.terugvorderingen.all():
            return STAPPEN["ontvangst"]
        if self.regel.bedrag_cent > 0:
            return STAPPEN["terug"]
        betalingen = list(self.betalingen.all())
        if len(betalingen) > 1:
            return STAPPEN["opdracht"]
        te_veel = -self.regel.bedrag_cent > sum(rij.bedrag_cent for rij in betalingen)
        return STAPPEN["te_veel" if te_veel else "te_weinig"]

    @transition(status, source=Status.VOORSTEL, target=Status.VERWERKT)
    def bevestig(self) -> None:
        """A person said yes."""

    @transition(status, source=[Status.VOORSTEL, Status.OPEN], target=Status.VERWERKT)
    def verwerk(self) -> None:
        """A later statement brought what was missing."""

    @transition(status, source=Status.VERWERKT, target=Status.VOORSTEL)
    def heropen(self) -> None:
        """What was booked was a mistake; there are candidates."""

    @transition(status, source=Status.VERWERKT, target=Status.OPEN)
    def heropen_zonder_voorstel(self) -> None:
        """What was booked was a mistake; nothing else fits."""

    @transition(status, source=[Status.VOORSTEL, Status.OPEN], target=Status.AFGESLOTEN)
    def sluit_af(self) -> None:
        """A person said no, or looked into it."""
