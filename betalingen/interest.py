"""Simple interest on a recovery: a percentage per year over what of the claim is still due, day by day.

Assumed, for no source says it: a year counts 365 days, a part of a cent is rounded half up once over the whole, what
comes in pays the claim first and the interest after it, and a payment plan that is kept stops the interest on the day
it was granted.
"""

from collections.abc import Iterable
from datetime import date

from betalingen.models import Terugvordering

DAGEN = 365
HONDERD_PROCENT = 10_000


def bereken(cent_dagen: int, honderdsten: int) -> int:
    """Return the interest in cents over so many cents times days, at so many hundredths of a percent per year."""
    noemer = DAGEN * HONDERD_PROCENT
    return (2 * cent_dagen * honderdsten + noemer) // (2 * noemer)


def cent_dagen(hoofdsom_cent: int, vanaf: date, tot: date, betaald: Iterable[tuple[date, int]]) -> int:
    """Return the sum over all days after `vanaf` up to `tot` of what was due on them.

    betaald: day and cents of what came in of the claim; that day itself still counts.
    """
    som, sinds, rest = 0, vanaf, hoofdsom_cent
    for dag, cent in sorted(betaald):
        einde = min(max(dag, sinds), tot)
        som += rest * max((einde - sinds).days, 0)
        sinds, rest = max(sinds, einde), rest - cent
    return som + rest * max((tot - sinds).days, 0)


def verschuldigd(terugvordering: Terugvordering, dag: date) -> int:
    """Return all interest up to a day, also what was received of it; zero where none was decided."""
    vanaf = terugvordering.interest_vanaf
    if not terugvordering.interest_honderdsten or vanaf is None:
        return 0
    plan = terugvordering.plan_op if terugvordering.status == Terugvordering.Status.AFBETALINGSPLAN else None
    betaald = [(rij.datum, rij.hoofdsom_cent) for rij in terugvordering.ontvangsten.all()]
    tot = min(dag, plan) if plan else dag
    som = cent_dagen(terugvordering.bedrag_cent or 0, vanaf, tot, betaald)
    # What was received of it stays received, also when an earlier receipt that is read later makes it less.
    return max(bereken(som, terugvordering.interest_honderdsten), terugvordering.interest_ontvangen_cent)


def interest_open(terugvordering: Terugvordering, dag: date) -> int:
    """Return the interest that is due on a day, in cents; nothing once the recovery is settled."""
    if terugvordering.status not in Terugvordering.OPEN:
        return 0
    return verschuldigd(terugvordering, dag) - terugvordering.interest_ontvangen_cent


def nog_open(terugvordering: Terugvordering, dag: date) -> int:
    """Return all that is due on a day: what is left of the claim, and interest."""
    return terugvordering.hoofdsom_open_cent + interest_open(terugvordering, dag)
