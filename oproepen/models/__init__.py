"""The plan and its actions; calls with tracks and rounds; forms, criteria, instalments, reports; who handles what."""

from oproepen.models.betaalschijf import Betaalschijf
from oproepen.models.kosten import Kostencategorie, Kostenforfait, Kostenregeling
from oproepen.models.oproep import (
    AangekondigdeRonde,
    AangekondigdeSchijf,
    Aanname,
    Bron,
    Criterium,
    Formulierversie,
    Luik,
    Oproep,
    Ronde,
    Taak,
    Verslagmoment,
    Voorwaarde,
    Vraag,
    oproep_volledig,
    ronde_voorbij,
)
from oproepen.models.plan import Actie, Actiebudget, Plan, Planbron, Speerpunt

__all__ = [
    "AangekondigdeRonde",
    "AangekondigdeSchijf",
    "Aanname",
    "Actie",
    "Actiebudget",
    "Betaalschijf",
    "Bron",
    "Criterium",
    "Formulierversie",
    "Kostencategorie",
    "Kostenforfait",
    "Kostenregeling",
    "Luik",
    "Oproep",
    "Plan",
    "Planbron",
    "Ronde",
    "Speerpunt",
    "Taak",
    "Verslagmoment",
    "Voorwaarde",
    "Vraag",
    "oproep_volledig",
    "ronde_voorbij",
]
