"""Cost claims: lines with evidence, handed in by a project, judged line by line, compared with its budget."""
