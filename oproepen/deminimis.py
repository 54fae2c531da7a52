"""The two de-minimis regulations that a track can fall under, and their ceilings: the one place of both.

Sources: Regulation (EU) 2023/2831, article 3(2): 300.000 euro; Regulation (EU) 2023/2832 (services of general economic
interest, DAEB), article 3(2): 750.000 euro. Both per single undertaking, over any period of three years, from 1 January
2024 to 31 December 2030. From 1 January 2026 on an award goes into the central register within 20 working days
(article 6).
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
# Assumption: which declared aid counts. Article 5 of 2023/2831 lets aid for farming and fishery count up to its
# ceiling; general and SGEI aid each have their own.
TELT_MEE = {
    Verordening.ALGEMEEN.value: (Verordening.ALGEMEEN.value, Verordening.ANDERE.value),
    Verordening.DAEB.value: (Verordening.DAEB.value,),
}
JAREN = 3
REGISTER_VANAF = date(2026, 1, 1)
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
