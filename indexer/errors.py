"""What can go wrong while indexing or searching.

IndexerError
├── DocumentError         a document cannot be read, or does not make a plan
├── EncoderError          the encoder cannot be loaded
├── IndexFolderError      the index's folder cannot be written or read
├── PassageDatabaseError  the database that keeps indexes cannot be used
└── QuestionFileError     a file of questions or a benchmark folder is wrong
"""

from __future__ import annotations


class IndexerError(Exception):
    """Base of every error of this package; its text is one line for a person."""


class DocumentError(IndexerError):
    """A document cannot be read, or does not make a plan; nothing was changed."""


class EncoderError(IndexerError):
    """The encoder cannot be loaded."""


class IndexFolderError(IndexerError):
    """The index's folder cannot be written or read."""


class PassageDatabaseError(IndexerError):
    """The database that keeps indexes cannot be used."""


class QuestionFileError(IndexerError):
    """A file of questions or a benchmark folder is missing something or holds a wrong value."""
