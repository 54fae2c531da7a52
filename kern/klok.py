"""The one clock. Nothing else in the system asks the operating system for the time.

Only tests and `manage.py demo` on an empty database set it; what is made then is marked `nagespeeld`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSEL = ZoneInfo("Europe/Brussels")

_gezet: datetime | None = None


def nu() -> datetime:
    """Return this moment, aware, in UTC, to the microsecond."""
    return _gezet if _gezet is not None else datetime.now(UTC)


def vandaag() -> date:
    """Return today's date in Brussels."""
    return nu().astimezone(BRUSSEL).date()


def nagespeeld() -> bool:
    """Return whether the clock is set, so that what is recorded now did not happen now."""
    return _gezet is not None


def zet(moment: datetime) -> None:
    """Set the clock to `moment` (aware; ValueError otherwise) until `laat_los`."""
    global _gezet  # noqa: PLW0603  one clock for the whole process, threads included
    if moment.tzinfo is None:
        raise ValueError("De klok vraagt een moment met tijdzone.")
    _gezet = moment.astimezone(UTC)


def laat_los() -> None:
    """Let the clock follow real time again."""
    global _gezet  # noqa: PLW0603  see zet
    _gezet = None


@contextmanager
def op(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` inside the with block."""
    vorige = _gezet
    zet(moment)
    try:
        yield
    finally:
        if vorige is None:
            laat_los()
        else:
            zet(vorige)


def brussel(  # noqa: PLR0917  in the order of every clock and calendar
    jaar: int, maand: int, dag: int, uur: int = 0, minuut: int = 0, seconde: int = 0
) -> datetime:
    """Return an aware moment by the wall clock of Brussels."""
    return datetime(jaar, maand, dag, uur, minuut, seconde, tzinfo=BRUSSEL)
