"""The report on an added document, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.documents.add import Added
from indexer.documents.extract import page_list
from indexer.documents.wording import sentence

SHOWN = 10  # findings of a kind; the others are counted


def report_lines(name: str, added: Added) -> Iterator[str]:
    """What the file became, what was found in it, and what to look at."""
    plan = added.plan.id
    if not added.is_changed:
        yield sentence("unchanged", plan=plan)
        return
    yield sentence("added" if added.is_new else "replaced", plan=plan, file=name)
    yield from _metadata(added)
    n_bullets = sum(len(clause.bullets) for clause in added.plan.clauses)
    n_clauses = len(added.plan.clauses)
    yield sentence("clauses", clauses=n_clauses, bullets=n_bullets, rows=added.n_rows)
    extracted, found = added.extracted, added.review
    if extracted.encoding:
        yield sentence("encoding", encoding=extracted.encoding.upper())
    if extracted.scanned:
        yield sentence("skipped_pages", pages=page_list(extracted.scanned))
    if extracted.n_automatic:
        yield sentence("automatic_numbers", count=extracted.n_automatic)
    yield sentence("unplaced", count=len(found.unplaced))
    yield from _some([sentence("unplaced_line", number=n, text=t) for n, t in found.unplaced])
    yield sentence("tail", count=len(added.metadata.tail_lines))
    yield sentence("gaps", count=len(found.gaps) + len(found.repeated))
    numbering = [sentence("gap", before=b, after=a) for b, a in found.gaps]
    numbering += [sentence("repeated", mark=m, clause=c) for m, c in found.repeated]
    yield from _some(numbering)
    yield sentence("suspicious", count=len(found.suspicious))
    yield from _some([sentence("suspicious_word", number=n, word=w) for n, w in found.suspicious])


def _metadata(added: Added) -> Iterator[str]:
    found = added.metadata
    period = " - ".join(f"{day:%d/%m/%Y}" for day in found.period or ())
    signed = f"{found.date_signed:%d/%m/%Y}" if found.date_signed else ""
    for key, value in (
        ("title", found.title),
        ("number", found.number),
        ("date_signed", signed),
        ("issuer", found.issuer),
        ("signer", found.signer),
        ("period", period),
        ("recipients", "; ".join(found.recipients)),
    ):
        label = sentence(f"label.{key}")
        yield sentence("metadata", label=label, value=value or sentence("not_found"))


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield sentence("more", count=len(lines) - SHOWN)
