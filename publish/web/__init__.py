"""The data set over HTTP: pages for people, documents and SPARQL for programs."""

from publish.web.app import create_app

__all__ = ["create_app"]
