"""folkmote: publish a text's people, works, concepts and events as linked open data."""

__version__ = "1.0.0"
