"""Settling the balance of a project: its amount is fixed, and what is not needed of the commitment is cancelled."""

from django.urls import reverse

from betalingen import grootboek, rechten
from betalingen.models import Betaling, Saldoafrekening
from betalingen.saldo import Saldo, reden_niet_af_te_rekenen, saldo_van, saldo_zonder_schijf
from betalingen.services.terugvordering.besluit import hoogstens
from betalingen.services.vastlegging import annuleer, sloten_van
from dossiers.models import Dossier
from dossiers.services import adressen
from kern import ketens, klok, mails
from kern.geld import euro_tekst
from kern.models import Gebeurtenis
from kern.weg import handeling, noteer
from kern.weigering import Weigering, eis
from oproepen.models import Betaalschijf
from organisaties.models import Gebruiker


@handeling("dossier.reken_saldo_af", "Saldo afrekenen", mag=rechten.mag_saldo_afrekenen, sloten=sloten_van)
def reken_saldo_af(dossier: Dossier, *, saldo_cent: int, door: Gebruiker) -> Saldoafrekening:
    """Settle the balance of a project from its accepted costs.

    saldo_cent: the balance that was shown; another one by now is refused. Raises Weigering: niet_af_te_rekenen,
    saldo_gewijzigd, jaar_afgesloten. Below zero nothing is paid any more, and a recovery may follow.
    """
    betaling = dossier.betalingen.select_related("schijf").filter(schijf__soort=Betaalschijf.Soort.SALDO).first()
    if betaling is None:
        raise Weigering("niet_af_te_rekenen", "Dit dossier heeft geen schijf met een saldo.")
    betaling.dossier = dossier
    saldo, reden = saldo_van(dossier), reden_niet_af_te_rekenen(betaling)
    if reden is not None or saldo is None:
        raise Weigering("niet_af_te_rekenen", reden or "Voor deze schijf is er niets af te rekenen.")
    zin = f"Het saldo is nu {euro_tekst(saldo.saldo_cent)}. Kijk de afrekening opnieuw na."
    eis(saldo.saldo_cent == saldo_cent, "saldo_gewijzigd", zin)
    ketens.vergrendel([dossier, *dossier.betalingen.all()])
    inhoud = {naam: getattr(saldo, naam) for naam in (*Saldoafrekening.TERMEN, "betaald_cent")}
    feit = noteer(dossier, door=door, inhoud=inhoud | {"saldo_cent": saldo.saldo_cent})
    afrekening = Saldoafrekening.objects.create(
        betaling=betaling, **inhoud, saldo_cent=saldo.saldo_cent, opgemaakt_door=door, opgemaakt_op=klok.nu()
    )
    encours = grootboek.stand_van(dossier).encours_cent
    te_veel = encours - max(saldo.saldo_cent, 0)
    if te_veel:
        annuleer(dossier, te_veel, encours, feit, door)
    _meld(betaling, saldo, feit)
    return afrekening


def terug_te_vorderen(dossier: Dossier) -> tuple[int, int]:
    """Return what of a dossier is claimed back already, and what more was paid than its accepted costs justify.

    In cents; what is claimed already is not asked twice, whatever it was claimed for. The second is what a settled
    balance says, or, where the schedule has none, the costs once all claims are looked at and the project is over.
    """
    _, geclaimd = hoogstens(dossier)
    afgerekend = Saldoafrekening.objects.filter(betaling__dossier=dossier).first()
    saldo = afgerekend or saldo_zonder_schijf(dossier)
    return geclaimd, max(0, -saldo.saldo_cent - geclaimd) if saldo else 0


def _meld(betaling: Betaling, saldo: Saldo, feit: Gebeurtenis) -> None:
    dossier = betaling.dossier
    if saldo.saldo_cent > 0:
        slot = f"Wij betalen u nog {euro_tekst(saldo.saldo_cent)}."
        if betaling.schijf.schuldvordering:
            slot += " Dien daarvoor een ondertekende schuldvordering in."
    elif saldo.saldo_cent == 0:
        slot = "Daarmee is alles betaald."
    else:
        slot = _te_veel(-saldo.saldo_cent, *terug_te_vorderen(dossier))
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} saldo {feit.pk}",
        aan=adressen(dossier),
        onderwerp=f"Dossier {dossier.nummer}: het saldo is afgerekend",
        tekst=(
            f"Op basis van uw aanvaarde kosten krijgt uw project in totaal {euro_tekst(saldo.hoogstens_cent)}. Daarvan "
            f"is {euro_tekst(saldo.betaald_cent)} betaald.\n\n{slot}"
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )


def _te_veel(te_veel_cent: int, geclaimd_cent: int, rest_cent: int) -> str:
    zin = f"U kreeg {euro_tekst(te_veel_cent)} te veel."
    if not geclaimd_cent:
        return f"{zin} Wij nemen daarover contact met u op."
    zin += f" Wij vorderden al {euro_tekst(geclaimd_cent)} terug."
    slot = f"Over {euro_tekst(rest_cent)} nemen wij contact met u op." if rest_cent else "Meer vragen wij niet."
    return f"{zin} {slot}"
