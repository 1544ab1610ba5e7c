"""The award conversation: which award a unit can be proposed for."""
