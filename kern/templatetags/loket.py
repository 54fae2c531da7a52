"""Template filters: amounts and moments as Flemings write them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from kern import geld, klok

register = template.Library()


@register.filter
def euro(cent: int | None) -> str:
    """123456 -> '€ 1.234,56'; nothing for None."""
    return "" if cent is None else f"€\u00a0{geld.getal_tekst(cent)}"


@register.filter
def getal(cent: int | None) -> str:
    """An amount in a table whose heading says that it is in euro: 123456 -> '1.234,56'."""
    return "" if cent is None else geld.getal_tekst(cent)


@register.filter
def euro_kort(cent: int | None) -> str:
    """An amount in running text, without decimals when it is whole: 5000000 -> '€ 50.000'."""
    if cent is None:
        return ""
    return f"€\u00a0{geld.getal_tekst(cent).removesuffix(',00')}"


@register.filter
def moment(waarde: datetime | None) -> str:
    """A moment in Brussels: 'maandag 8 november 2021 om 9.00 uur'."""
    if waarde is None:
        return ""
    lokaal = localtime(waarde, klok.BRUSSEL)
    return f"{date_format(lokaal, 'l j F Y')} om {lokaal.hour}.{lokaal.minute:02d} uur"


@register.filter
def dag(waarde: date | datetime | None) -> str:
    """A day in Brussels: '8 november 2021'."""
    if waarde is None:
        return ""
    lokaal = localtime(waarde, klok.BRUSSEL) if isinstance(waarde, datetime) else waarde
    return date_format(lokaal, "j F Y")


@register.filter
def zone(waarde: datetime) -> str:
    """The name of the zone that holds at that moment: 'wintertijd' or 'zomertijd'."""
    return "zomertijd" if localtime(waarde, klok.BRUSSEL).dst() else "wintertijd"


@register.filter
def resterend(einde: datetime) -> str:
    """How long until `einde`: 'nog 3 dagen en 4 uur', or 'afgelopen'."""
    over = (einde - klok.nu()).total_seconds()
    if over <= 0:
        return "afgelopen"
    dagen, rest = divmod(int(over), 86400)
    uren, rest = divmod(rest, 3600)
    minuten = rest // 60
    if dagen:
        return f"nog {_meervoud(dagen, 'dag', 'dagen')} en {uren} uur"
    if uren:
        return f"nog {uren} uur en {_meervoud(minuten, 'minuut', 'minuten')}"
    return f"nog {_meervoud(minuten, 'minuut', 'minuten')}" if minuten else "nog minder dan een minuut"


@register.filter
def nadert(einde: datetime) -> bool:
    """Whether `einde` is less than three days away."""
    return timedelta() < einde - klok.nu() < timedelta(days=3)


@register.simple_tag
def klok_nu() -> str:
    """This moment by the clock of the loket, for a script that counts down."""
    return klok.nu().isoformat()


@register.filter
def vinger(hexadecimaal: str) -> str:
    """A hash in groups of eight, so that people can compare it."""
    return " ".join(hexadecimaal[i : i + 8] for i in range(0, len(hexadecimaal), 8))


@register.filter
def antwoord(antwoorden: dict[str, dict[str, str]], sleutel: str) -> str:
    """The text of one answer in a snapshot, or nothing."""
    return antwoorden.get(sleutel, {}).get("waarde", "")


@register.filter
def score(honderdsten: int) -> str:
    """A score in hundredths as text: 8333 -> '83,33'."""
    return f"{honderdsten // 100},{honderdsten % 100:02d}"


@register.filter
def iban(nummer: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(nummer[i : i + 4] for i in range(0, len(nummer), 4))


def _meervoud(aantal: int, een: str, meer: str) -> str:
    return f"{aantal} {een if aantal == 1 else meer}"
