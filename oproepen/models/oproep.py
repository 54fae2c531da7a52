"""Calls with tracks and rounds; forms, criteria, reports; what their sources say; who handles what."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin, transition

from kern import klok
from kern.wachters import wachter
from oproepen import deminimis
from organisaties.models import Organisatie


@wachter("oproep_onvolledig")
def oproep_volledig(oproep: "Oproep") -> str | None:
    """A call is published only when everything that applicants rely on is there."""
    rondes = list(Ronde.objects.filter(luik__oproep=oproep))
    if not rondes:
        return "De oproep heeft nog geen ronde met een openings- en sluitingsmoment."
    if not Criterium.objects.filter(oproep=oproep).exists():
        return "De oproep heeft nog geen beoordelingscriteria."
    if not Vraag.objects.filter(versie__oproep=oproep).exists():
        return "De oproep heeft nog geen vragen."
    zonder_schijf = Luik.objects.filter(oproep=oproep, schijven=None).first()
    if zonder_schijf:
        return f"Het luik {zonder_schijf.naam} heeft nog geen betaalschema."
    return None


@wachter("ronde_nog_open")
def ronde_voorbij(ronde: "Ronde") -> str | None:
    """A round is closed only after its deadline plus the longest request under way."""
    if klok.nu() < ronde.sluitbaar_vanaf:
        return "De ronde is nog open, of er kunnen nog dossiers onderweg zijn."
    return None


class Oproep(FSMModelMixin, models.Model):
    """A project call. Its budget, and those of its tracks and rounds, are limits in betalingen.Stand.

    What is announced of a call (budget, maximum, duration, rounds, instalments) is what its sources say; it binds
    nobody and no money is spent on it.
    """

    class Status(models.TextChoices):
        """States of a call."""

        ONTWERP = "ontwerp", "Ontwerp"
        AANGEKONDIGD = "aangekondigd", "Aangekondigd"
        TER_GOEDKEURING = "ter_goedkeuring", "Ter goedkeuring"
        GEPUBLICEERD = "gepubliceerd", "Gepubliceerd"
        AFGESLOTEN = "afgesloten", "Afgesloten"

    class Basis(models.TextChoices):
        """What an announced amount is for."""

        TOTAAL = "totaal", "in totaal"
        PER_JAAR = "per_jaar", "per jaar"

    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(max_length=6, unique=True, help_text="begin van elk dossiernummer")
    titel = models.CharField(max_length=200)
    actie_nr = models.PositiveSmallIntegerField(null=True, blank=True, help_text="actie van het eenzaamheidsplan")
    samenvatting = models.TextField()
    verstrekker = models.CharField(max_length=200)
    voor_wie = models.TextField()
    verplichte_bijlage = models.CharField(max_length=200, blank=True, help_text="hoe de oproep het stuk noemt")
    tweede_goedkeuring_vanaf_cent = models.BigIntegerField(
        null=True, blank=True, help_text="een betaling vanaf dit bedrag keuren twee personen goed; leeg: nooit"
    )
    aangekondigd_budget_cent = models.BigIntegerField(null=True, blank=True)
    budget_basis = models.CharField(max_length=10, choices=Basis, blank=True)
    budget_toelichting = models.TextField(blank=True)
    aangekondigd_maximum_cent = models.BigIntegerField(null=True, blank=True, help_text="hoogstens per project")
    maximum_basis = models.CharField(max_length=10, choices=Basis, blank=True)
    looptijd_maanden = models.PositiveSmallIntegerField(null=True, blank=True)
    aangekondigde_selectie = models.CharField(max_length=40, blank=True, help_text="selectieregel volgens de bronnen")
    aangekondigde_aanvragers = models.JSONField(default=list, blank=True, help_text="lijst van soorten organisaties")
    status = FSMField(default=Status.ONTWERP, choices=Status.choices, protected=True)
    opgesteld_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    gepubliceerd_op = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "de oproep"
        ordering: ClassVar = ["titel"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(aangekondigd_budget_cent=None, budget_basis="")
                | (Q(aangekondigd_budget_cent__gt=0) & ~Q(budget_basis="")),
                name="oproep_budget_met_basis",
            ),
            models.CheckConstraint(
                condition=Q(aangekondigd_maximum_cent=None, maximum_basis="")
                | (Q(aangekondigd_maximum_cent__gt=0) & ~Q(maximum_basis="")),
                name="oproep_maximum_met_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.titel

    @transition(status, source=Status.ONTWERP, target=Status.AANGEKONDIGD)
    def kondig_aan(self) -> None:
        """Announce: everybody sees it, nobody can apply yet."""

    @transition(
        status,
        source=[Status.ONTWERP, Status.AANGEKONDIGD],
        target=Status.TER_GOEDKEURING,
        conditions=[oproep_volledig],
    )
    def leg_voor(self) -> None:
        """Ask for approval."""

    @transition(status, source=Status.TER_GOEDKEURING, target=Status.GEPUBLICEERD, conditions=[oproep_volledig])
    def publiceer(self) -> None:
        """Approve and publish."""

    @transition(status, source=Status.TER_GOEDKEURING, target=Status.ONTWERP)
    def stuur_terug(self) -> None:
        """Send back to the drafter."""


class Luik(models.Model):
    """A track of a call: its own maximum, budget article and deciding authority."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="luiken")
    slug = models.SlugField(max_length=40)
    naam = models.CharField(max_length=100)
    max_per_jaar_cent = models.BigIntegerField()
    aantal_jaren = models.PositiveSmallIntegerField()
    project_van = models.DateField()
    project_tot = models.DateField(help_text="laatste dag van het project, inbegrepen")
    beslisser = models.CharField(max_length=200, help_text="bevoegde overheid, zoals zij in het besluit staat")
    begrotingsartikel = models.CharField(max_length=40)
    uitbetaling_max_per_jaar_cent = models.BigIntegerField(
        null=True, blank=True, help_text="hoogstens per project en kalenderjaar; leeg: geen grens"
    )
    deminimis = models.CharField(
        max_length=10,
        blank=True,
        choices=[(v.value, v.label) for v in deminimis.VOOR_LUIK],
        help_text="leeg: de subsidie is geen de-minimissteun",
    )

    class Meta:
        verbose_name = "het luik"
        ordering: ClassVar = ["oproep_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["oproep", "slug"], name="luik_slug_per_oproep"),
            models.CheckConstraint(condition=Q(max_per_jaar_cent__gt=0), name="luik_maximum_positief"),
            models.CheckConstraint(
                condition=Q(uitbetaling_max_per_jaar_cent=None) | Q(uitbetaling_max_per_jaar_cent__gt=0),
                name="luik_uitbetaling_positief",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.oproep}: {self.naam}"

    @property
    def maximum_cent(self) -> int:
        """Return the most that one project can get over all its years, in cents."""
        return self.max_per_jaar_cent * self.aantal_jaren


class Ronde(FSMModelMixin, models.Model):
    """A round of a track: when one can submit, and how far the judging has come.

    Whether it is open follows from the clock and is never stored.
    """

    class Status(models.TextChoices):
        """States of a round."""

        GEPLAND = "gepland", "Gepland"
        GESLOTEN = "gesloten", "Gesloten"
        IN_BEOORDELING = "in_beoordeling", "In beoordeling"
        VOORGESTELD = "voorgesteld", "Voorgesteld"
        BESLIST = "beslist", "Beslist"
        KENNISGEGEVEN = "kennisgegeven", "Kennisgegeven"

    class Selectie(models.TextChoices):
        """Selection rules, fixed at publication."""

        RANGSCHIKKING = "rangschikking", "Rangschikking met minimumscore"

    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, related_name="rondes")
    nummer = models.PositiveSmallIntegerField()
    opent_op = models.DateTimeField()
    sluit_op = models.DateTimeField(help_text="exclusief: op dit moment is het te laat")
    selectie = models.CharField(max_length=20, choices=Selectie)
    minimumscore = models.PositiveSmallIntegerField(help_text="op 100")
    lezers_per_dossier = models.PositiveSmallIntegerField(help_text="scorebladen die er minstens moeten zijn")
    reservelijst = models.BooleanField(default=False, help_text="wat goed is en niet in het budget past, komt erop")
    status = FSMField(default=Status.GEPLAND, choices=Status.choices, protected=True)
    laatste_ontvangstnummer = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "de ronde"
        ordering: ClassVar = ["luik_id", "nummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["luik", "nummer"], name="ronde_nummer_per_luik"),
            models.CheckConstraint(condition=Q(sluit_op__gt=F("opent_op")), name="ronde_sluit_na_opening"),
            models.CheckConstraint(condition=Q(minimumscore__lte=100), name="ronde_minimumscore_op_100"),
        ]

    def __str__(self) -> str:
        return f"{self.luik}, ronde {self.nummer}"

    def is_open(self, moment: datetime) -> bool:
        """Return whether `moment` falls in the round: opening included, deadline excluded."""
        gepubliceerd = self.luik.oproep.status == Oproep.Status.GEPUBLICEERD
        return gepubliceerd and self.opent_op <= moment < self.sluit_op

    @property
    def sluitbaar_vanaf(self) -> datetime:
        """Return from when the round may be closed: nothing that came in time can still be under way."""
        return self.sluit_op + timedelta(seconds=settings.LANGSTE_VERZOEK_SECONDEN)

    @transition(status, source=Status.GEPLAND, target=Status.GESLOTEN, conditions=[ronde_voorbij])
    def sluit(self) -> None:
        """Close after the deadline."""

    @transition(status, source=Status.GESLOTEN, target=Status.IN_BEOORDELING)
    def start_beoordeling(self) -> None:
        """The jury may score."""

    @transition(status, source=Status.IN_BEOORDELING, target=Status.VOORGESTELD)
    def stel_voor(self) -> None:
        """A ranked proposal for decision exists."""

    @transition(status, source=Status.VOORGESTELD, target=Status.IN_BEOORDELING)
    def herneem(self) -> None:
        """The proposal was sent back."""

    @transition(status, source=Status.VOORGESTELD, target=Status.BESLIST)
    def beslis(self) -> None:
        """The decision is signed."""

    @transition(status, source=Status.BESLIST, target=Status.KENNISGEGEVEN)
    def geef_kennis(self) -> None:
        """The applicants are notified."""


class Formulierversie(models.Model):
    """A version of the application form of a call; a dossier keeps the version it was started with."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="formulierversies")
    nummer = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "de formulierversie"
        constraints: ClassVar = [models.UniqueConstraint(fields=["oproep", "nummer"], name="formulierversie_uniek")]

    def __str__(self) -> str:
        return f"{self.oproep}, formulier {self.nummer}"


class Vraag(models.Model):
    """A typed question of a form version."""

    class Soort(models.TextChoices):
        """Types of answers."""

        KORT = "kort", "Korte tekst"
        LANG = "lang", "Lange tekst"
        KEUZE = "keuze", "Keuze uit een lijst"
        GETAL = "getal", "Geheel getal"

    versie = models.ForeignKey(Formulierversie, on_delete=models.PROTECT, related_name="vragen")
    sleutel = models.SlugField(max_length=40)
    volgorde = models.PositiveSmallIntegerField()
    soort = models.CharField(max_length=10, choices=Soort)
    label = models.CharField(max_length=200)
    hint = models.TextField(blank=True)
    verplicht = models.BooleanField(default=True)
    max_woorden = models.PositiveSmallIntegerField(null=True, blank=True)
    keuzes = models.JSONField(default=list, blank=True, help_text="lijst van teksten, voor soort keuze")

    class Meta:
        verbose_name = "de vraag"
        ordering: ClassVar = ["versie_id", "volgorde"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["versie", "sleutel"], name="vraag_sleutel_per_versie")]

    def __str__(self) -> str:
        return self.label


class Criterium(models.Model):
    """A criterion of the jury: points from 0 to max_punten, weighted to a total of 100."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="criteria")
    sleutel = models.SlugField(max_length=40)
    volgorde = models.PositiveSmallIntegerField()
    naam = models.CharField(max_length=200)
    uitleg = models.TextField(blank=True)
    gewicht = models.PositiveSmallIntegerField(help_text="de gewichten van een oproep tellen op tot 100")
    max_punten = models.PositiveSmallIntegerField(default=10)

    class Meta:
        verbose_name = "het criterium"
        ordering: ClassVar = ["oproep_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["oproep", "sleutel"], name="criterium_sleutel_per_oproep"),
            models.CheckConstraint(condition=Q(gewicht__gt=0, max_punten__gt=0), name="criterium_gewicht_positief"),
        ]

    def __str__(self) -> str:
        return self.naam


class Voorwaarde(models.Model):
    """An eligibility rule of a track, explainable in one sentence."""

    class Soort(models.TextChoices):
        """What is tested."""

        CATEGORIE = "categorie", "Soort organisatie"
        RECHTSVORM = "rechtsvorm", "Rechtsvorm"

    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, related_name="voorwaarden")
    soort = models.CharField(max_length=20, choices=Soort)
    waarden = models.JSONField(help_text="lijst van toegelaten codes")
    zin = models.TextField(help_text="wat de aanvrager leest wanneer zij niet voldoet")

    class Meta:
        verbose_name = "de voorwaarde"
        ordering: ClassVar = ["luik_id", "pk"]

    def __str__(self) -> str:
        return f"{self.luik}: {self.get_soort_display()}"

    def reden(self, organisatie: Organisatie) -> str | None:
        """Return why an organisation does not meet the rule, or None."""
        waarde = organisatie.categorie if self.soort == self.Soort.CATEGORIE else organisatie.rechtsvorm
        return None if waarde in self.waarden else self.zin


class Verslagmoment(models.Model):
    """A report that every awarded project of a track owes."""

    class Soort(models.TextChoices):
        """Kinds of reports."""

        TUSSENTIJDS = "tussentijds", "Tussentijds verslag"
        EIND = "eind", "Eindverslag"

    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, related_name="verslagmomenten")
    sleutel = models.SlugField(max_length=40)
    soort = models.CharField(max_length=20, choices=Soort)
    uiterlijk = models.DateField(help_text="laatste dag, inbegrepen")

    class Meta:
        verbose_name = "het verslagmoment"
        ordering: ClassVar = ["luik_id", "uiterlijk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["luik", "sleutel"], name="verslagmoment_per_luik")]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} {self.sleutel}"


class Taak(models.Model):
    """An assignment: this person has this role for this call, or for one of its tracks."""

    class Rol(models.TextChoices):
        """Roles of staff and jury."""

        BEHANDELAAR = "behandelaar", "Dossierbehandelaar"
        JURYLID = "jurylid", "Jurylid"
        VOORZITTER = "voorzitter", "Voorzitter van de jury"
        BUDGETHOUDER = "budgethouder", "Budgethouder"
        BOEKHOUDER = "boekhouder", "Boekhouder"
        AUDITOR = "auditor", "Auditor"

    gebruiker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="taken")
    rol = models.CharField(max_length=20, choices=Rol)
    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="taken")
    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, null=True, blank=True, related_name="taken")

    class Meta:
        verbose_name = "de taak"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gebruiker", "rol", "oproep", "luik"], condition=Q(luik__isnull=False), name="taak_per_luik"
            ),
            models.UniqueConstraint(
                fields=["gebruiker", "rol", "oproep"], condition=Q(luik__isnull=True), name="taak_per_oproep"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gebruiker}: {self.get_rol_display()}"


class AangekondigdeRonde(models.Model):
    """A round as the sources of an announced call name it; what they leave open is empty."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="aangekondigde_rondes")
    nummer = models.PositiveSmallIntegerField()
    opent_op = models.DateTimeField(null=True, blank=True)
    sluit_op = models.DateTimeField(null=True, blank=True, help_text="exclusief: op dit moment is het te laat")

    class Meta:
        verbose_name = "de aangekondigde ronde"
        ordering: ClassVar = ["oproep_id", "nummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["oproep", "nummer"], name="aangekondigde_ronde_per_oproep")
        ]

    def __str__(self) -> str:
        return f"{self.oproep}, ronde {self.nummer}"


class AangekondigdeSchijf(models.Model):
    """An instalment as the sources of an announced call name it."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="aangekondigde_schijven")
    nummer = models.PositiveSmallIntegerField()
    procent = models.PositiveSmallIntegerField(help_text="van de toegekende subsidie")
    wanneer = models.TextField()

    class Meta:
        verbose_name = "de aangekondigde schijf"
        ordering: ClassVar = ["oproep_id", "nummer"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["oproep", "nummer"], name="aangekondigde_schijf_per_oproep"),
            models.CheckConstraint(condition=Q(procent__gt=0, procent__lte=100), name="aangekondigde_schijf_procent"),
        ]

    def __str__(self) -> str:
        return f"{self.oproep}, schijf {self.nummer}"


class Aanname(models.Model):
    """Something that the sources of a call leave open and that was filled in, or left empty, with the reason."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="aannames")
    volgorde = models.PositiveSmallIntegerField()
    veld = models.CharField(max_length=80, help_text="plaats in het gegevensbestand")
    waarde = models.TextField(blank=True, help_text="leeg: het blijft open")
    waarom = models.TextField()

    class Meta:
        verbose_name = "de aanname"
        ordering: ClassVar = ["oproep_id", "volgorde"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["oproep", "volgorde"], name="aanname_per_oproep")]

    def __str__(self) -> str:
        return f"{self.oproep}: {self.veld}"


class Bron(models.Model):
    """A document that a call was read from, and what was found in it."""

    oproep = models.ForeignKey(Oproep, on_delete=models.PROTECT, related_name="bronnen")
    volgorde = models.PositiveSmallIntegerField()
    titel = models.CharField(max_length=200)
    uitgever = models.CharField(max_length=200)
    wat = models.TextField()

    class Meta:
        verbose_name = "de bron"
        ordering: ClassVar = ["oproep_id", "volgorde"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["oproep", "volgorde"], name="bron_per_oproep")]

    def __str__(self) -> str:
        return self.titel
