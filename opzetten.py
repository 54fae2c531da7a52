"""Make .venv and install the locked dependencies; standard library only, because nothing is installed yet."""

# Lets an older Python read this file as far as the sentence that refuses it.
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

WORTEL = Path(__file__).resolve().parent
OMGEVING = WORTEL / ".venv"
PYTHON = OMGEVING / "bin" / "python"
SLOT = WORTEL / "eisen.txt"
STEMPEL = OMGEVING / "opgezet.txt"
MINSTENS = (3, 11)
APT_REGEL = "sudo apt install python3-venv python3-pip"


def meld(zin: str) -> None:
    """Say what is being done, at once."""
    print(zin, flush=True)


def verwacht_stempel() -> str:
    """Return what the stamp says when nothing has changed.

    The folder is part of it: a virtual environment does not survive a move.
    """
    som = hashlib.sha256(SLOT.read_bytes()).hexdigest()
    return f"{som}\n{sys.version_info[0]}.{sys.version_info[1]}\n{OMGEVING}\n"


def is_klaar() -> bool:
    """Tell whether .venv was made completely, from this lock."""
    return PYTHON.exists() and STEMPEL.exists() and STEMPEL.read_text(encoding="utf-8") == verwacht_stempel()


def lukt(*opdracht: str) -> bool:
    """Tell whether a command succeeds, without showing what it says."""
    return subprocess.run(opdracht, capture_output=True, check=False).returncode == 0


def maak_omgeving() -> list[str]:
    """Make an empty .venv and return the command that runs pip for it."""
    met_pip = lukt(sys.executable, "-c", "import ensurepip, venv")
    if not met_pip and not lukt(sys.executable, "-m", "pip", "--version"):
        sys.exit(
            "Fout: deze Python heeft geen ensurepip en geen pip. "
            f"Installeer ze eerst, op Debian of Ubuntu met: {APT_REGEL}"
        )
    shutil.rmtree(OMGEVING, ignore_errors=True)
    if met_pip:
        meld("De virtuele omgeving .venv wordt gemaakt.")
        subprocess.run([sys.executable, "-m", "venv", str(OMGEVING)], check=True)
        return [str(PYTHON), "-m", "pip"]
    meld("De virtuele omgeving .venv wordt gemaakt, met de pip van het systeem.")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(OMGEVING)], check=True)
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def installeer(pip: list[str]) -> None:
    """Install exactly the lock."""
    meld("De pakketten uit eisen.txt worden opgehaald en nagekeken. De eerste keer duurt dat ongeveer een minuut.")
    # -qq: pip warns about matters of the machine that nobody can act on here; errors are still shown.
    opdracht = [*pip, "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(SLOT)]
    if subprocess.run(opdracht, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}, check=False).returncode:
        sys.exit("Fout: de pakketten zijn niet geïnstalleerd; hierboven staat waarom. Probeer daarna opnieuw.")


def maak_vindbaar() -> None:
    """Put the project itself on the path of .venv, so that every tool in it finds the packages and tests."""
    site = sysconfig.get_path("purelib", "venv", {"base": str(OMGEVING), "platbase": str(OMGEVING)})
    (Path(site) / "oproepenloket.pth").write_text(f"{WORTEL}\n", encoding="utf-8")


def main() -> None:
    """Make .venv, unless it is already as it should be."""
    if sys.version_info < MINSTENS:
        sys.exit(
            f"Fout: er is Python {MINSTENS[0]}.{MINSTENS[1]} of nieuwer nodig, en dit is {sys.version.split()[0]}. "
            "Wijs een andere aan met: make install PYTHON=python3.11"
        )
    if is_klaar():
        meld("De virtuele omgeving .venv is in orde.")
        return
    installeer(maak_omgeving())
    maak_vindbaar()
    STEMPEL.write_text(verwacht_stempel(), encoding="utf-8")
    meld("Klaar: de virtuele omgeving .venv is in orde.")


if __name__ == "__main__":
    main()
