"""Ready templates: one JSON file each, a document with its name and subject."""
