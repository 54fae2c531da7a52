"""The payment schedule of a track: instalments as rows, each with how much, when, and what is asked for it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from kern.geld import euro_tekst
from oproepen.models.oproep import Luik, Verslagmoment


class Betaalschijf(models.Model):
    """An instalment of a track: a part of the award, paid when its trigger is met.

    The parts of a track add up to the award, whatever that is: percentages to 100, or a balance comes last.
    """

    class Soort(models.TextChoices):
        """How the amount is found."""

        PROCENT = "procent", "Deel van de toekenning"
        BEDRAG = "bedrag", "Vast bedrag"
        SALDO = "saldo", "Saldo"

    class Aanleiding(models.TextChoices):
        """What makes an instalment due."""

        VASTLEGGING = "vastlegging", "Na de vastlegging"
        DATUM = "datum", "Op een datum"
        VERSLAG = "verslag", "Na een goedgekeurd verslag"
        AANVRAAG = "aanvraag", "Op aanvraag"

    luik = models.ForeignKey(Luik, on_delete=models.PROTECT, related_name="schijven")
    volgorde = models.PositiveSmallIntegerField()
    naam = models.CharField(max_length=100)
    soort = models.CharField(max_length=10, choices=Soort, default=Soort.PROCENT)
    procent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="van de toegekende subsidie"
    )
    bedrag_cent = models.BigIntegerField(null=True, blank=True, help_text="hoogstens; nooit meer dan er nog rest")
    aanleiding = models.CharField(max_length=20, choices=Aanleiding)
    verslagmoment = models.ForeignKey(Verslagmoment, on_delete=models.PROTECT, null=True, blank=True)
    datum = models.DateField(null=True, blank=True, help_text="vanaf deze dag")
    aanvraag_tot = models.DateField(null=True, blank=True, help_text="laatste dag om te vragen; leeg: geen termijn")
    voorwaarde = models.TextField(blank=True, help_text="wat de behandelaar vooraf bevestigt")
    schuldvordering = models.BooleanField(default=False, help_text="de begunstigde dient er een ondertekende in")

    class Meta:
        verbose_name = "de schijf"
        ordering: ClassVar = ["luik_id", "volgorde"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["luik", "volgorde"], name="schijf_volgorde_per_luik"),
            models.UniqueConstraint(fields=["luik"], condition=Q(soort="saldo"), name="schijf_een_saldo_per_luik"),
            models.CheckConstraint(
                condition=Q(soort="procent", procent__gt=0, procent__lte=100, bedrag_cent=None)
                | Q(soort="bedrag", procent=None, bedrag_cent__gt=0)
                | Q(soort="saldo", procent=None, bedrag_cent=None),
                name="schijf_hoeveel",
            ),
            models.CheckConstraint(
                condition=Q(aanleiding="verslag", verslagmoment__isnull=False)
                | (~Q(aanleiding="verslag") & Q(verslagmoment__isnull=True)),
                name="schijf_verslag_bij_aanleiding",
            ),
            models.CheckConstraint(
                condition=Q(aanleiding="datum", datum__isnull=False) | (~Q(aanleiding="datum") & Q(datum=None)),
                name="schijf_datum_bij_aanleiding",
            ),
            models.CheckConstraint(
                condition=Q(aanleiding="aanvraag") | Q(aanvraag_tot=None), name="schijf_termijn_bij_aanvraag"
            ),
        ]

    def __str__(self) -> str:
        return self.naam

    @property
    def hoeveel(self) -> str:
        """Return how much it is, as a call says it: '50%', '10.000,00 euro', 'het saldo'."""
        if self.soort == self.Soort.PROCENT:
            return f"{self.procent_tekst}%"
        return "het saldo" if self.bedrag_cent is None else f"hoogstens {euro_tekst(self.bedrag_cent)}"

    @property
    def procent_tekst(self) -> str:
        """Return the percentage as one writes it: '50', '22,5'; '' without one."""
        return "" if self.procent is None else f"{self.procent.normalize():f}".replace(".", ",")

    @property
    def wanneer(self) -> str:
        """Return when it is paid, as a call says it: 'na de vastlegging', 'vanaf 1/3/2022'."""
        if self.datum is not None:
            return f"vanaf {toon(self.datum)}"
        if self.aanvraag_tot is not None:
            return f"op aanvraag, tot en met {toon(self.aanvraag_tot)}"
        return str(self.get_aanleiding_display()).lower()

    @property
    def vraagt_aanvraag(self) -> bool:
        """Return whether the beneficiary has to do something for it: ask, or hand in a schuldvordering."""
        return self.schuldvordering or self.aanleiding == self.Aanleiding.AANVRAAG

    def deel_van(self, toekenning_cent: int, rest_cent: int) -> int:
        """Return its part of an award, in cents, when `rest_cent` of it is left."""
        if self.soort == self.Soort.PROCENT:
            return toekenning_cent * int((self.procent or 0) * 100) // 10_000
        return rest_cent if self.bedrag_cent is None else min(self.bedrag_cent, rest_cent)

    @classmethod
    def verdeel(cls, luik_id: int, toekenning_cent: int) -> list[tuple["Betaalschijf", int]]:
        """Return each instalment of a track with its part of an award, in cents; together exactly the award.

        Each takes its part as far as the award goes; the last takes what is left. What comes to nothing is left out.
        """
        schijven = list(cls.objects.filter(luik_id=luik_id).select_related("verslagmoment").order_by("volgorde"))
        rest, uit = toekenning_cent, []
        for nummer, schijf in enumerate(schijven, start=1):
            cent = rest if nummer == len(schijven) else schijf.deel_van(toekenning_cent, rest)
            rest -= cent
            uit.append((schijf, cent))
        return [(schijf, cent) for schijf, cent in uit if cent]


def toon(dag: date) -> str:
    """Return a day as sentences write it: 1/3/2022."""
    return f"{dag.day}/{dag.month}/{dag.year}"
