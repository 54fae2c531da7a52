"""Bringing a sheet back: read it safely, show what it would change row by row, apply it by acts; docs/inlezen.md.

lezer.py reads a file, rijen.py its cells, blad.py says what a kind of sheet is, handelingen.py holds the two steps.
"""

from kern.inlezen import handelingen

__all__ = ["handelingen"]
