"""Judging: score sheets, the jury's advice, the decision and its lines."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from dossiers.models import Dossier
from kern.models import Bestand
from kern.triggers import bewaakt
from kern.wachters import wachter
from oproepen.models import Criterium, Ronde


@wachter("scoreblad_onvolledig")
def scoreblad_volledig(blad: "Scoreblad") -> str | None:
    """A sheet is handed in with points and a motivation for every criterion."""
    scores = {score.criterium_id: score for score in blad.scores.all()}
    for criterium in blad.dossier.ronde.luik.oproep.criteria.all():
        score = scores.get(criterium.pk)
        if score is None or score.punten is None:
            return f"Geef nog punten voor '{criterium.naam}'."
        if not score.motivering.strip():
            return f"Motiveer nog uw punten voor '{criterium.naam}'."
    return None


class Scoreblad(FSMModelMixin, models.Model):
    """The sheet of one juror for one dossier."""

    class Status(models.TextChoices):
        """States of a sheet."""

        TOEGEWEZEN = "toegewezen", "Toegewezen"
        BEZIG = "bezig", "Bezig"
        INGEDIEND = "ingediend", "Ingediend"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="scorebladen")
    jurylid = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scorebladen")
    status = FSMField(default=Status.TOEGEWEZEN, choices=Status.choices, protected=True)
    ingediend_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "het scoreblad"
        ordering: ClassVar = ["dossier_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "jurylid"],
                name="scoreblad_een_per_jurylid",
                violation_error_code="al_toegewezen",
                violation_error_message="Dit jurylid heeft dit dossier al.",
            )
        ]

    def __str__(self) -> str:
        return f"scoreblad van {self.jurylid} voor {self.dossier}"

    @transition(status, source=Status.TOEGEWEZEN, target=Status.BEZIG)
    def begin(self) -> None:
        """The first points or words are saved."""

    @transition(status, source=Status.BEZIG, target=Status.INGEDIEND, conditions=[scoreblad_volledig])
    def dien_in(self) -> None:
        """Hand in; the points are fixed from here on."""


class Score(models.Model):
    """Points and motivation for one criterion on one sheet."""

    scoreblad = models.ForeignKey(Scoreblad, on_delete=models.PROTECT, related_name="scores")
    criterium = models.ForeignKey(Criterium, on_delete=models.PROTECT, related_name="+")
    punten = models.PositiveSmallIntegerField(null=True, blank=True)
    motivering = models.TextField(blank=True)

    class Meta:
        verbose_name = "de score"
        ordering: ClassVar = ["scoreblad_id", "criterium__volgorde"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["scoreblad", "criterium"], name="score_per_criterium")]

    def __str__(self) -> str:
        return f"{self.criterium}: {self.punten}"


class Juryadvies(FSMModelMixin, models.Model):
    """The advice of the jury on one dossier, adopted by the chair."""

    class Status(models.TextChoices):
        """States of an advice."""

        ONTWERP = "ontwerp", "Ontwerp"
        VASTGESTELD = "vastgesteld", "Vastgesteld"

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="juryadvies")
    status = FSMField(default=Status.ONTWERP, choices=Status.choices, protected=True)
    gunstig = models.BooleanField()
    motivering = models.TextField()
    # The mean of the sheets at adoption, in hundredths of a point on 100 (8333 = 83,33).
    score_honderdsten = models.PositiveIntegerField()
    vastgesteld_op = models.DateTimeField()

    class Meta:
        verbose_name = "het juryadvies"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score_honderdsten__lte=10000), name="juryadvies_score_op_100")
        ]

    def __str__(self) -> str:
        return f"juryadvies over {self.dossier}"

    @transition(status, source=Status.ONTWERP, target=Status.VASTGESTELD)
    def stel_vast(self) -> None:
        """Adopt."""


@wachter("niet_vastgelegd")
def vastgelegd(besluit: "Besluit") -> str | None:
    """No letter leaves before the commitment of every award."""
    toegekend = besluit.regels.filter(uitkomst="toekenning")
    open_ = toegekend.exclude(dossier__journaalregels__soort="vastlegging").count()
    if not open_:
        return None
    wie = "1 toekenning is" if open_ == 1 else f"{open_} toekenningen zijn"
    return f"{wie} nog niet vastgelegd in het boekhoudsysteem van de verstrekker."


class Besluit(FSMModelMixin, models.Model):
    """A decision on a round: one signed document, one line per dossier that it is about.

    The first is about every admissible dossier; a later one about the reserve list that the first made.
    """

    class Status(models.TextChoices):
        """States of a decision."""

        ONTWERP = "ontwerp", "Ontwerp"
        TER_ONDERTEKENING = "ter_ondertekening", "Ter ondertekening"
        ONDERTEKEND = "ondertekend", "Ondertekend"
        KENNISGEGEVEN = "kennisgegeven", "Kennisgegeven"
        TERUGGESTUURD = "teruggestuurd", "Teruggestuurd"

    ronde = models.ForeignKey(Ronde, on_delete=models.PROTECT, related_name="besluiten")
    volgnummer = models.PositiveSmallIntegerField(default=1, help_text="in de ronde; vanaf 2 over de reservelijst")
    status = FSMField(default=Status.ONTWERP, choices=Status.choices, protected=True)
    beslisser = models.CharField(max_length=200)
    opgesteld_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opgesteld_op = models.DateTimeField()
    nummer = models.CharField(max_length=60, blank=True, help_text="nummer van het ondertekende besluit")
    datum = models.DateField(null=True, blank=True, help_text="datum van de handtekening")
    document = models.ForeignKey(Bestand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    geregistreerd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kennisgegeven_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "het besluit"
        ordering: ClassVar = ["ronde_id", "volgnummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ronde", "volgnummer"],
                name="besluit_volgnummer_per_ronde",
                violation_error_code="besluit_loopt",
                violation_error_message="Er loopt al een besluit over deze ronde.",
            )
        ]

    def __str__(self) -> str:
        wat = "besluit" if self.is_eerste else f"besluit {self.volgnummer} uit de reservelijst"
        return f"{wat} over {self.ronde}"

    @property
    def is_eerste(self) -> bool:
        """Return whether this decision is about all admissible dossiers, and not about the reserve list."""
        return self.volgnummer == 1

    @transition(status, source=[Status.ONTWERP, Status.TER_ONDERTEKENING], target=Status.TERUGGESTUURD)
    def stuur_terug(self) -> None:
        """Send the proposal back: the round is judged and ranked again."""

    @transition(status, source=Status.TERUGGESTUURD, target=Status.ONTWERP)
    def stel_opnieuw_op(self) -> None:
        """Draft again, with the lines of a new ranking."""

    @transition(status, source=Status.ONTWERP, target=Status.TER_ONDERTEKENING)
    def leg_voor(self) -> None:
        """Present for signature."""

    @transition(status, source=Status.TER_ONDERTEKENING, target=Status.ONDERTEKEND)
    def registreer_ondertekening(self) -> None:
        """Register the signature."""

    @transition(status, source=Status.ONDERTEKEND, target=Status.KENNISGEGEVEN, conditions=[vastgelegd])
    def geef_kennis(self) -> None:
        """Notify the applicants."""


class Besluitregel(models.Model):
    """What the decision says on one dossier."""

    class Uitkomst(models.TextChoices):
        """Outcomes."""

        TOEKENNING = "toekenning", "Toekenning"
        RESERVE = "reserve", "Reservelijst"
        WEIGERING_KWALITEIT = "weigering_kwaliteit", "Weigering: minimumscore niet gehaald"
        WEIGERING_KREDIET = "weigering_krediet", "Weigering: budget opgebruikt"
        WEIGERING_BEDRAG = "weigering_bedrag", "Weigering: er kan niets toegekend worden"

    besluit = models.ForeignKey(Besluit, on_delete=models.PROTECT, related_name="regels")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="besluitregels")
    rang = models.PositiveIntegerField()
    score_honderdsten = models.PositiveIntegerField()
    uitkomst = models.CharField(max_length=20, choices=Uitkomst)
    bedrag_cent = models.BigIntegerField(default=0)
    reserveplaats = models.PositiveIntegerField(null=True, blank=True, help_text="plaats op de reservelijst, vanaf 1")
    motivering = models.TextField()

    class Meta:
        verbose_name = "de besluitregel"
        ordering: ClassVar = ["besluit_id", "rang"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["besluit", "rang"], name="besluitregel_rang"),
            models.UniqueConstraint(fields=["besluit", "dossier"], name="besluitregel_per_dossier"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(uitkomst="toekenning"), name="besluitregel_een_toekenning"
            ),
            models.CheckConstraint(
                condition=(Q(uitkomst="reserve") & Q(reserveplaats__gt=0))
                | (~Q(uitkomst="reserve") & Q(reserveplaats=None)),
                name="besluitregel_plaats_bij_reserve",
            ),
            models.CheckConstraint(
                condition=(Q(uitkomst="toekenning") & Q(bedrag_cent__gt=0))
                | (~Q(uitkomst="toekenning") & Q(bedrag_cent=0)),
                name="besluitregel_bedrag_bij_toekenning",
            ),
            models.CheckConstraint(condition=~Q(motivering=""), name="besluitregel_gemotiveerd"),
        ]

    def __str__(self) -> str:
        return f"{self.rang}. {self.dossier}"


@bewaakt(verwijderen=False)
class Deminimismelding(models.Model):
    """That an award was reported to the central register of de-minimis aid. Never changed, never deleted."""

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="deminimismelding")
    gemeld_op = models.DateField()
    referentie = models.CharField(max_length=100, help_text="van het register")
    door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "de melding van de-minimissteun"

    def __str__(self) -> str:
        return f"{self.dossier}: {self.referentie}"
