"""Finds passages of a plan. May import knowledge, never bot."""
