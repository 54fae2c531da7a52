"""The two de-minimis regulations that a track can fall under, and their ceilings: the one place of both.

Commission Regulations (EU) 2023/2831 (general; data.europa.eu/eli/reg/2023/2831/oj) and 2023/2832 (services of general
economic interest, DAEB). The ceilings, the rolling period of three years from day to day, that linked undertakings
count as one, the years that they are in force (1 January 2024 to 31 December 2030) and that the register is obligatory
from 1 January 2026 are as VVSG told on 14 February 2024 (vvsg.be, "Europese Commissie introduceert nieuwe
de-minimisverordeningen"). What no source that was read says stands below as an assumption.
"""

from datetime import date

from django.db import models


class Verordening(models.TextChoices):
    """Under which regulation aid was given."""

    ALGEMEEN = "algemeen", "Algemeen: Verordening (EU) 2023/2831"
    DAEB = "daeb", "Diensten van algemeen economisch belang: Verordening (EU) 2023/2832"
    ANDERE = "andere", "Een andere de-minimisverordening (landbouw, visserij)"


# What a track can fall under.
VOOR_LUIK = (Verordening.ALGEMEEN, Verordening.DAEB)
PLAFOND_CENT = {Verordening.ALGEMEEN.value: 300_000_00, Verordening.DAEB.value: 750_000_00}
KORT = {Verordening.ALGEMEEN.value: "Verordening (EU) 2023/2831", Verordening.DAEB.value: "Verordening (EU) 2023/2832"}
# Assumption: which declared aid counts: for the general ceiling also aid for farming and fishery; general and SGEI aid
# do not count for each other.
TELT_MEE = {
    Verordening.ALGEMEEN.value: (Verordening.ALGEMEEN.value, Verordening.ANDERE.value),
    Verordening.DAEB.value: (Verordening.DAEB.value,),
}
JAREN = 3
REGISTER_VANAF = date(2026, 1, 1)
# Assumption: no source that was read gives this term.
REGISTER_WERKDAGEN = 20


def venster_na(dag: date) -> date:
    """Return the last day that does not count any more for an award on `dag`: the same day, three years before.

    The period is the three years that end with the day of the award: that day counts, this one does not. Of an award on
    29 February it is 28 February.
    """
    try:
        return dag.replace(year=dag.year - JAREN)
    except ValueError:
        return dag.replace(year=dag.year - JAREN, day=28)
