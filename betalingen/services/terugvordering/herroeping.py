"""Taking back a receipt that was recorded by mistake: a counter-entry; what is due, and the state, follow."""

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.interest import nog_open, verschuldigd
from betalingen.models import Journaalregel, Ontvangst, Terugvordering
from betalingen.services.terugvordering.besluit import geldsloten, mail_begunstigde
from betalingen.services.terugvordering.inning import eis_mogelijk
from kern import ketens, klok
from kern.geld import euro_tekst
from kern.weg import Sloten, handeling, noteer
from kern.weigering import Weigering, eis
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort
Status = Terugvordering.Status


def te_herroepen(rij: Terugvordering) -> list[Ontvangst]:
    """Return the receipts of a recovery that a person recorded and that still stand, in order; from what is read."""
    weg = {o.herroept_id for o in rij.ontvangsten.all()}
    return [o for o in rij.ontvangsten.all() if _met_de_hand(o) and o.pk not in weg]


def _met_de_hand(ontvangst: Ontvangst) -> bool:
    return ontvangst.herroept_id is None and ontvangst.bankregel_id is None and ontvangst.betaling_id is None


def _sloten(rij: Terugvordering, **_: object) -> Sloten:
    try:
        return geldsloten(rij, klok.vandaag().year)
    except Weigering:  # no decision yet: there is no receipt, and the act refuses
        return {}


@handeling(
    "terugvordering.herroep_ontvangst",
    "Ontvangst op een terugvordering herroepen",
    mag=rechten.mag_terugvordering_ontvangen,
    sloten=_sloten,
)
def herroep_ontvangst(rij: Terugvordering, *, ontvangst: int, reden: str, door: Gebruiker) -> Terugvordering:
    """Take back a receipt (key) that a person recorded by mistake; one of a statement is taken back there.

    Raises Weigering: reden_ontbreekt, geen_keuze, latere_interest, verkeerde_status, jaar_afgesloten.
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom deze ontvangst niet klopt.", "reden")
    gekozen = {rij.pk: rij for rij in te_herroepen(rij)}.get(ontvangst)
    if gekozen is None:
        zin = "Kies een ontvangst die met de hand geregistreerd is en nog niet herroepen."
        raise Weigering("geen_keuze", zin, "ontvangst")
    return boek_herroeping(rij, gekozen, reden=reden, door=door)


def boek_herroeping(rij: Terugvordering, ontvangst: Ontvangst, *, reden: str, door: Gebruiker) -> Terugvordering:
    """Book that a receipt did not come in, inside an act that holds its locks.

    Interest is counted as if it never came in. The journal keeps both: the counter-entry is of today.
    """
    overgang = _overgang(rij, ontvangst)
    if overgang:
        eis_mogelijk(rij, overgang)
    _eis_geen_latere_interest(rij, ontvangst)
    van = rij.status
    rij.ontvangen_cent -= ontvangst.hoofdsom_cent
    rij.interest_ontvangen_cent -= ontvangst.interest_cent
    if overgang:
        getattr(rij, overgang)()
    Ontvangst.objects.create(
        terugvordering=rij,
        datum=ontvangst.datum,
        bedrag_cent=-ontvangst.bedrag_cent,
        hoofdsom_cent=-ontvangst.hoofdsom_cent,
        interest_cent=-ontvangst.interest_cent,
        referentie=ontvangst.referentie,
        bankregel=ontvangst.bankregel,
        keer=ontvangst.keer,
        herroept=ontvangst,
        reden=reden.strip(),
    )
    rij.interest_cent = _interest_van_laatste(rij)
    rij.save()
    inhoud = {
        "datum": ontvangst.datum,
        "bedrag_cent": -ontvangst.bedrag_cent,
        "hoofdsom_cent": -ontvangst.hoofdsom_cent,
        "interest_cent": -ontvangst.interest_cent,
        "referentie": ontvangst.referentie,
        "reden": reden.strip(),
    }
    feit = noteer(rij, door=door, van=van, naar=rij.status, inhoud=inhoud)
    bedragen = ((Soort.TERUGVORDERING, -ontvangst.interest_cent), (Soort.ONTVANGST, -ontvangst.bedrag_cent))
    jaar, vandaag = rij.begrotingsjaar, klok.vandaag()
    grootboek.boek(
        Boeking(soort, cent, rij.dossier, vandaag, feit, begrotingsjaar=jaar, terugvordering=rij)
        for soort, cent in bedragen
        if cent
    )
    # Not the reason: it may name who did pay.
    nummer, bedrag = rij.dossier.nummer, euro_tekst(ontvangst.bedrag_cent)
    mail_begunstigde(
        rij,
        f"herroepen ontvangst {feit.pk}",
        f"Dossier {nummer}: wij ontvingen {bedrag} toch niet",
        f"Wij schreven u dat wij {bedrag} ontvingen voor de terugvordering van dossier {nummer}. Dat was een "
        f"vergissing van ons.\n\nEr staat nog {euro_tekst(nog_open(rij, vandaag))} open.",
    )
    return rij


def _overgang(rij: Terugvordering, ontvangst: Ontvangst) -> str | None:
    """Return the transition that taking a receipt back asks for, None when the state stays as it is."""
    terug = rij.status
    if rij.status in Terugvordering.VOLDAAN:
        feiten = ketens.gebeurtenissen_van(rij).filter(van__in=Terugvordering.OPEN, naar=rij.status)
        terug = feiten.values_list("van", flat=True).last() or Status.KENNISGEGEVEN
    elif rij.status not in Terugvordering.OPEN:
        return "heropen"  # refuses, with the state in its sentence
    if terug == Status.AFBETALINGSPLAN and _voor_het_plan(rij, ontvangst):
        terug = Status.AANGEMAAND if rij.aangemaand_op else Status.KENNISGEGEVEN
    if terug == rij.status:
        return None
    overgangen = {Status.AANGEMAAND: "heropen_aangemaand", Status.AFBETALINGSPLAN: "heropen_plan"}
    return overgangen.get(terug, "heropen")


def _voor_het_plan(rij: Terugvordering, ontvangst: Ontvangst) -> bool:
    """Return whether a receipt was in when the plan was granted, so that the plan asks too little without it."""
    tot_en_met = sum(o.bedrag_cent for o in rij.ontvangsten.all() if o.pk <= ontvangst.pk)
    return tot_en_met <= rij.plan_vanaf_cent


def _eis_geen_latere_interest(rij: Terugvordering, ontvangst: Ontvangst) -> None:
    """What comes in pays the claim before its interest: what paid interest since is taken back first."""
    later = rij.ontvangsten.filter(pk__gt=ontvangst.pk, interest_cent__gt=0, herroeping=None).last()
    if later is not None and ontvangst.hoofdsom_cent:
        zin = f"Een latere ontvangst, van {later.datum:%d/%m/%Y}, betaalde interest. Herroep eerst die."
        raise Weigering("latere_interest", zin, "ontvangst")


def _interest_van_laatste(rij: Terugvordering) -> int:
    geldig = rij.ontvangsten.filter(herroept=None, herroeping=None)
    laatste = geldig.order_by("-datum").values_list("datum", flat=True).first()
    return verschuldigd(rij, laatste) if laatste else 0
