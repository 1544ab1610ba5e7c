"""Talks to people. May import indexer and knowledge."""
