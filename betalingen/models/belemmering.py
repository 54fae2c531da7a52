"""What blocks payments: a seizure, a claim that was transferred, a bankruptcy, another payee.

Assumption: whatever it is for, it blocks every payment that it rests on until somebody lifts it. A seizure for an
amount does not let the rest pass: what may still be paid is for a person to find out, with the document in hand.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django_fsm import FSMField, FSMModelMixin, transition

from betalingen.models.begroting import IsGeheel
from dossiers.models import Dossier
from kern.models import Bestand
from kern.templatetags.loket import dag
from organisaties.models import Organisatie


class Betaalbelemmering(FSMModelMixin, models.Model):
    """One obstacle on the payments of one dossier, or of all dossiers of an organisation (no dossier)."""

    class Soort(models.TextChoices):
        """What kind of obstacle."""

        DERDENBESLAG = "derdenbeslag", "Derdenbeslag"
        OVERDRACHT = "overdracht", "Overdracht van schuldvordering"
        FAILLISSEMENT = "faillissement", "Faillissement"
        BEGUNSTIGDE = "begunstigde", "Andere begunstigde"

    class Status(models.TextChoices):
        """States of an obstacle."""

        OPEN = "open", "Open"
        OPGEHEVEN = "opgeheven", "Opgeheven"

    organisatie = models.ForeignKey(Organisatie, on_delete=models.PROTECT, related_name="belemmeringen")
    dossier = models.ForeignKey(
        Dossier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="belemmeringen",
        help_text="leeg: alle dossiers van de organisatie",
    )
    status = FSMField(default=Status.OPEN, choices=Status.choices, protected=True)
    soort = models.CharField(max_length=14, choices=Soort)
    sinds = models.DateField(help_text="dag waarop het stuk toekwam")
    kenmerk = models.CharField(max_length=100, help_text="referentie van het stuk")
    document = models.ForeignKey(Bestand, on_delete=models.PROTECT, related_name="+")
    bedrag_cent = models.BigIntegerField(null=True, blank=True, help_text="waarvoor, als het stuk een bedrag noemt")
    nota = models.TextField(blank=True)
    geregistreerd_door = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    geregistreerd_op = models.DateTimeField()
    opgeheven_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opgeheven_op = models.DateTimeField(null=True, blank=True)
    opheffing_reden = models.TextField(blank=True)

    class Meta:
        verbose_name = "de belemmering"
        ordering: ClassVar = ["sinds", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(bedrag_cent=None) | (Q(bedrag_cent__gt=0) & Q(IsGeheel(F("bedrag_cent")))),
                name="belemmering_bedrag_positief",
            ),
            models.CheckConstraint(
                condition=Q(status="open", opgeheven_door=None, opgeheven_op=None, opheffing_reden="")
                | (Q(status="opgeheven", opgeheven_op__isnull=False) & ~Q(opheffing_reden="")),
                name="belemmering_opgeheven_met_reden",
            ),
            models.CheckConstraint(
                condition=Q(opgeheven_door=None) | ~Q(opgeheven_door=F("geregistreerd_door")),
                name="belemmering_twee_personen",
                violation_error_code="zelfde_persoon",
                violation_error_message="Een andere persoon heft de belemmering op dan wie ze registreerde.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_soort_display()} sinds {dag(self.sinds)} (ref. {self.kenmerk})"

    @transition(status, source=Status.OPEN, target=Status.OPGEHEVEN)
    def hef_op(self) -> None:
        """Nothing stands in the way any more."""

    def dossiers(self) -> QuerySet[Dossier]:
        """Return the dossiers on which it rests; a draft is its applicant's own."""
        ingediend = Dossier.objects.filter(organisatie_id=self.organisatie_id, ingediend_op__isnull=False)
        return ingediend if self.dossier_id is None else ingediend.filter(pk=self.dossier_id)


def op_dossier(dossier: Dossier) -> list[Betaalbelemmering]:
    """Return what blocks the payments of a dossier now, the oldest first.

    A list of payments reads it along: `prefetch_related("dossier__organisatie__belemmeringen")`.
    """
    rijen = dossier.organisatie.belemmeringen.all()
    return [rij for rij in rijen if rij.status == rij.Status.OPEN and rij.dossier_id in {None, dossier.pk}]
