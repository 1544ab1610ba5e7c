"""Documents as offices keep them (.docx, .pdf, .doc, .rtf, .txt) -> plans."""
