"""Which instalments could be put forward now: the guards of `Betaling.stel_op` as one query."""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from betalingen.models import Betaalaanvraag, Betaalbelemmering, Betaling, Journaalregel
from betalingen.models.schijf import ONDERWEG
from dossiers.models import Dossier, Kostenstaat, Verslag
from kern import klok
from oproepen.models import Betaalschijf

Aanleiding, Aanvraagstatus = Betaalschijf.Aanleiding, Betaalaanvraag.Status


def met_stand_van_zaken(qs: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Read along what the guards of an instalment ask, so that a list asks it once.

    Adds `dit_jaar_cent` (what of the dossier was paid this year or is on its way, this one left out),
    `verslag_goedgekeurd` (whether the report of the instalment is approved), `verslag_verwacht_op` (until when it is
    expected, while it is not in) and `is_vastgelegd` (whether the award is).
    """
    vastgelegd = Journaalregel.objects.filter(dossier=OuterRef("dossier"), soort=Journaalregel.Soort.VASTLEGGING)
    anderen = Betaling.objects.filter(dossier=OuterRef("dossier"), status__in=ONDERWEG).exclude(pk=OuterRef("pk"))
    betaald = Journaalregel.objects.filter(
        dossier=OuterRef("dossier"), soort=Journaalregel.Soort.UITBETALING, feitdatum__year=klok.vandaag().year
    )
    verslag = Verslag.objects.filter(dossier=OuterRef("dossier"), moment=OuterRef("schijf__verslagmoment"))
    goedgekeurd = verslag.filter(status=Verslag.Status.GOEDGEKEURD)
    verwacht = verslag.filter(status__in=Verslag.TE_GEVEN).order_by().values("uiterlijk")
    return qs.annotate(
        dit_jaar_cent=_som(anderen) + _som(betaald),
        verslag_goedgekeurd=Exists(goedgekeurd),
        verslag_verwacht_op=Subquery(verwacht[:1]),
        is_vastgelegd=Exists(vastgelegd),
    )


def _som(rijen: QuerySet[Betaling] | QuerySet[Journaalregel]) -> Coalesce:
    som = rijen.order_by().values("dossier").annotate(som=Sum("bedrag_cent")).values("som")
    return Coalesce(Subquery(som, output_field=BigIntegerField()), 0)


def opstelbaar(qs: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Return those of these payments that could be put forward now.

    Equal to what the guards of `stel_op` say (a test holds them side by side).
    """
    return verschuldigd(qs).exclude(belemmerd())


def belemmerd() -> Exists:
    """Return whether something blocks a payment now, as an expression."""
    open_ = Betaalbelemmering.objects.filter(
        Q(dossier=None) | Q(dossier=OuterRef("dossier")),
        organisatie=OuterRef("dossier__organisatie"),
        status=Betaalbelemmering.Status.OPEN,
    )
    return Exists(open_)


def verschuldigd(qs: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Return those of these payments, not put forward yet or being checked, of which everything asked is there."""
    grens = "dossier__ronde__luik__uitbetaling_max_per_jaar_cent"
    return (
        met_stand_van_zaken(qs)
        .filter(dossier__kennisgegeven_op__isnull=False)
        .exclude(iban="")
        .exclude(dossier__status__in=(Dossier.Status.VERZAAKT, Dossier.Status.STOPGEZET))
        .filter(Q(schijf__datum=None) | Q(schijf__datum__lte=klok.vandaag()))
        .filter(~Q(schijf__aanleiding=Aanleiding.VERSLAG) | Q(verslag_goedgekeurd=True))
        .filter(Q(schijf__voorwaarde="") | Q(voorwaarde_door__isnull=False))
        .exclude(_saldo_open())
        .filter(_aanvraag())
        .filter(Q(**{grens: None}) | Q(dit_jaar_cent__lte=F(grens) - F("bedrag_cent")))
    )


def _aanvraag() -> Q:
    geen = Q(schijf__schuldvordering=False) & ~Q(schijf__aanleiding=Aanleiding.AANVRAAG)
    gevraagd = Q(
        schijf__schuldvordering=False, aanvraag__status__in=(Aanvraagstatus.INGEDIEND, Aanvraagstatus.AANVAARD)
    )
    aanvaard = Q(
        schijf__schuldvordering=True,
        aanvraag__status=Aanvraagstatus.AANVAARD,
        aanvraag__bedrag_cent=F("bedrag_cent"),
        aanvraag__iban=F("iban"),
    )
    return geen | gevraagd | aanvaard


def aan_te_vragen(qs: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Return those of these payments that their beneficiary can ask for now, as `reden_niet_aan_te_vragen` says."""
    vandaag = klok.vandaag()
    gevraagd = Q(schijf__schuldvordering=True) | Q(schijf__aanleiding=Aanleiding.AANVRAAG)
    tot = Coalesce("aanvraag_verlengd_tot", "schijf__aanvraag_tot")
    rijen = qs.annotate(tot=tot).filter(
        gevraagd,
        Q(schijf__datum=None) | Q(schijf__datum__lte=vandaag),
        Q(aanvraag=None) & (Q(tot=None) | Q(tot__gte=vandaag)) | Q(aanvraag__status=Aanvraagstatus.TERUG),
        status=Betaling.Status.GEPLAND,
        dossier__status=Dossier.Status.IN_UITVOERING,
    )
    return rijen.exclude(_saldo_open() & Q(schijf__schuldvordering=True))


def _saldo_open() -> Q:
    return Q(
        schijf__soort=Betaalschijf.Soort.SALDO,
        dossier__ronde__luik__kostenregeling__isnull=False,
        afrekening__isnull=True,
    )


def af_te_rekenen(qs: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Return those of these payments whose balance can be settled now, as `saldo.reden_niet_af_te_rekenen` says."""
    anderen = Betaling.objects.filter(dossier=OuterRef("dossier")).exclude(pk=OuterRef("pk"))
    staten = Kostenstaat.objects.filter(dossier=OuterRef("dossier"))
    nagekeken = Kostenstaat.Status.NAGEKEKEN
    return qs.filter(
        _saldo_open(),
        ~Exists(anderen.exclude(status__in=Betaling.AFGEHANDELD)),
        ~Exists(staten.exclude(status=nagekeken)),
        Exists(staten.filter(status=nagekeken)),
        status=Betaling.Status.GEPLAND,
        dossier__status=Dossier.Status.IN_UITVOERING,
        dossier__ronde__luik__project_tot__lt=klok.vandaag(),
    )
