"""The generated pages of docs/ are those of this code."""

from portaal.management.commands.documenteer import bladen


def test_generated_docs_are_up_to_date() -> None:
    for path, text in bladen().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run manage.py documenteer"
