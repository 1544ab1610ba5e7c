"""Papers to print: dossier checklists, award results, skeletons of administrative papers."""
