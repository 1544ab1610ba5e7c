"""A plan -> its index on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.calibrate import calibrate
from indexer.classifier import train
from indexer.clause_codes import CodeReader
from indexer.dense import DenseIndex
from indexer.embedding_cache import remembering
from indexer.encoder import Encoder, Vectors
from indexer.examples import FILE_NAME as EXAMPLES_FILE
from indexer.examples import Example, load_examples
from indexer.named import NameReader
from indexer.passages import Passage, passages_of
from indexer.progress import Report, counting
from indexer.query import QueryReader, chat_forms
from indexer.restore import Restorer
from indexer.segment import segmenter_version, word_list
from indexer.store import Fingerprint, read_fingerprint, replacing
from indexer.study import StudiedQuestion, study
from indexer.syllables import SyllableModel, count_syllables
from indexer.text_index import TextIndex
from knowledge.plan import Plan

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase

_SEARCH_DATA = (
    "clauses.jsonl",
    "labels.yaml",
    "corrections.yaml",
    "vocabulary.yaml",
    "dossiers.yaml",
    "subjects.yaml",
    EXAMPLES_FILE,
)
WELL_SPELLED = ("formal", "chat", "long")  # styles of example questions that teach spelling


def index_folder(index_dir: Path, plan: Plan) -> Path:
    """Where the plan's index stands."""
    return index_dir / plan.id


def fingerprint_of(plan: Plan, encoder: Encoder | None) -> Fingerprint:
    """What an index of this plan by this encoder is built from."""
    data = hashlib.sha256()
    for name in _SEARCH_DATA:
        path = plan.folder / name
        data.update(path.read_bytes() if path.exists() else b"")
    return Fingerprint(
        plan=plan.id,
        text_sha256=plan.info.text.sha256,
        data_sha256=data.hexdigest(),
        encoder=encoder.name if encoder else "",
        dimension=encoder.dimension if encoder else 0,
        segmenter=segmenter_version(),
    )


def is_current(
    plan: Plan,
    encoder: Encoder | None,
    index_dir: Path,
    database: PassageDatabase | None = None,
) -> bool:
    """Whether a sound index of exactly this plan, encoder and segmenter stands there.

    With a database it is there that it stands, not in the folder.
    """
    if database is not None:
        return database.holds(fingerprint_of(plan, encoder))
    return read_fingerprint(index_folder(index_dir, plan)) == fingerprint_of(plan, encoder)


def build_index(
    plan: Plan,
    encoder: Encoder | None,
    index_dir: Path,
    report: Report | None = None,
    database: PassageDatabase | None = None,
) -> bool:
    """Write the plan's index unless a current one stands there; whether one was written.

    With a database it is kept there; the folder then has the embedding cache alone.

    What earlier builds under the folder encoded, finished or not, is not encoded again. Without
    an encoder the index has BM25 and the classifier's n-grams alone. Raises IndexFolderError when
    the folder cannot be written, PassageDatabaseError when the database cannot be used,
    PlanDataError for wrong examples.
    """
    if is_current(plan, encoder, index_dir, database):
        return False
    passages = passages_of(plan)
    examples = load_examples(plan)
    syllables = _syllables(plan, passages, examples)
    reader = QueryReader(
        plan.vocabulary, Restorer(syllables), NameReader(plan), CodeReader(plan.clauses)
    )
    total = TextIndex.work(passages) + len(examples) if encoder else 0
    advance = counting(total, report)
    with remembering(encoder, index_dir) if encoder else nullcontext() as remembered:
        # A database makes its own graph of the vectors
        dense = DenseIndex.flat if database else DenseIndex.build
        index = TextIndex.build(passages, remembered, reader.expand, advance, dense=dense)
        fingerprint = fingerprint_of(plan, encoder)
        with (
            database.replacing(fingerprint, index)
            if database
            else replacing(index_folder(index_dir, plan), fingerprint)
        ) as folder:
            if not database:
                index.save(folder)
            save_syllables(syllables, folder / "syllables.json")
            if examples:
                asked = [example.question for example in examples]
                questions, vectors = study(asked, reader, remembered, advance)
                _learn(folder, index, passages, examples, questions, vectors)
    return True


def _learn(
    folder: Path,
    index: TextIndex,
    passages: Sequence[Passage],
    examples: Sequence[Example],
    questions: Sequence[StudiedQuestion],
    vectors: Vectors | None,
) -> None:
    """Write what the example questions teach: the classifier and how sure it may be."""
    grams = [question.grams for question in questions]
    classifier, left_out = train(grams, vectors, [e.labels for e in examples])
    classifier.save(folder / "classifier.npz")
    expected = [e.label for e in examples]
    calibration = calibrate(
        index, passages, classifier.labels, left_out, questions, vectors, expected
    )
    (folder / "calibration.json").write_text(calibration.to_json(), encoding="utf-8")


def _syllables(
    plan: Plan, passages: Sequence[Passage], examples: Sequence[Example]
) -> SyllableModel:
    """What the plan's own text, its vocabulary and its marked examples teach of spelling."""
    plain = QueryReader(plan.vocabulary, Restorer(SyllableModel({}, {})))
    texts = [plain.expand(f"{p.context}. {p.search_text}") for p in passages]
    texts += [*plan.vocabulary.abbreviations.values(), *plan.vocabulary.also_called]
    texts += [e.question for e in examples if e.style in WELL_SPELLED]
    return count_syllables(texts, (*word_list(), *chat_forms()))


def save_syllables(model: SyllableModel, path: Path) -> None:
    """Write the syllable model as JSON."""
    counts = {"unigrams": model.unigrams, "bigrams": model.bigrams}
    path.write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")


def load_syllables(path: Path) -> SyllableModel:
    """The syllable model kept in a file; raises OSError, ValueError or KeyError when damaged."""
    counts = json.loads(path.read_text(encoding="utf-8"))
    return SyllableModel(counts["unigrams"], counts["bigrams"])
