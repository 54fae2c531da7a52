"""What lapses with a project that was given up or stopped: every instalment that did not leave, or came back."""

from collections.abc import Sequence
from datetime import date

from betalingen import grootboek
from betalingen.grootboek import Boeking
from betalingen.models import Betaling, Journaalregel
from dossiers.models import Dossier
from kern.models import Gebeurtenis
from kern.weg import voer_uit
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort


def aangerekend_op(dossier: Dossier) -> dict[int, int]:
    """Return the budget year on which each payment of a dossier stands charged, by key; not what was set off."""
    regels = Journaalregel.objects.filter(
        dossier=dossier,
        soort__in=(Soort.VEREFFENING, Soort.TEGENVEREFFENING),
        betaling__isnull=False,
        terugvordering=None,
    )
    som: dict[tuple[int, int], int] = {}
    for betaling, jaar, cent in regels.values_list("betaling_id", "krediet__jaar", "bedrag_cent"):
        som[betaling, jaar] = som.get((betaling, jaar), 0) + cent
    return {betaling: jaar for (betaling, jaar), cent in som.items() if cent}


def annuleringen(dossier: Dossier, bedrag_cent: int, datum: date, feit: Gebeurtenis) -> list[Boeking]:
    """Return the bookings that cancel so much of a commitment, from its latest budget year on."""
    rest, boekingen = bedrag_cent, []
    per_jaar = grootboek.open_per_jaar([dossier.pk], grootboek.VASTGELEGD).get(dossier.pk, {})
    for jaar in sorted(per_jaar, reverse=True):
        deel = min(rest, per_jaar[jaar])
        rest -= deel
        if deel:
            boekingen.append(Boeking(Soort.ANNULERING, -deel, dossier, datum, feit, begrotingsjaar=jaar))
    return boekingen


def laat_vervallen(
    dossier: Dossier, betalingen: Sequence[Betaling], jaren: dict[int, int], datum: date, door: Gebruiker
) -> list[Boeking]:
    """Let these payments lapse, and return the bookings that undo what was charged of them; cancels no commitment.

    Inside an act that holds their locks. jaren: what `aangerekend_op` gave. The charge is undone on the credit that it
    stands on, with the day of this fact.
    """
    boekingen = []
    for betaling in betalingen:
        betaling.dossier = dossier
        jaar = jaren.get(betaling.pk)
        cent = betaling.bedrag_cent if jaar else 0
        feit = voer_uit(betaling, "verval_met_project", door=door, inhoud={"tegenvereffening_cent": cent})
        if jaar:
            boekingen.append(
                Boeking(Soort.TEGENVEREFFENING, -cent, dossier, datum, feit, betaling, begrotingsjaar=jaar)
            )
    return boekingen
