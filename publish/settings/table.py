"""The table of all settings, each with its default, its kind and a sentence of help."""

from __future__ import annotations

from publish.settings import kinds
from publish.settings.values import Setting

_MIB = 1 << 20

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "host", "127.0.0.1", kinds.host, "the address that the server listens on", public=False
    ),
    Setting("port", 8000, kinds.whole(0, 65_535), "its port; 0 takes a free one", public=False),
    Setting(
        "base_url",
        "",
        kinds.address,
        "the server's public address; empty is the one of the request",
    ),
    Setting(
        "contact",
        "",
        kinds.mail,
        "the mail address of who runs the server, told in pages, descriptions and OAI-PMH; "
        "empty tells none, and OAI-PMH, which must, `nobody@example.invalid`",
    ),
    Setting(
        "edit_url",
        "",
        kinds.editing,
        "where a reader edits a file of the data, with `{path}` and `{line}` in it;"
        " empty tells path and line alone",
    ),
    Setting(
        "language",
        "en",
        kinds.language,
        "the language of the interface (BCP 47); what its catalogue lacks is English",
    ),
    Setting(
        "translations",
        "",
        kinds.text,
        "a folder of catalogues (`de.po`), beside `texts/` in the data set's folder",
        public=False,
    ),
    Setting("query_seconds", 10, kinds.seconds, "how long a query may run"),
    Setting(
        "query_rows", 1_000_000, kinds.whole(1, 10**12), "how many rows or triples it may give"
    ),
    Setting("query_bytes", 64 * _MIB, kinds.whole(1, 10**12), "how many bytes its answer may have"),
    Setting("query_length", 100_000, kinds.whole(1, 10**8), "how many characters it may have"),
    Setting("query_depth", 100, kinds.whole(1, 500), "how deeply its brackets may be nested"),
    Setting(
        "query_memory",
        512 * _MIB,
        kinds.whole(16 * _MIB, 10**15),
        "how many bytes of memory it may use",
    ),
    Setting(
        "query_workers", 0, kinds.whole(0, 1_024), "how many queries run at once; 0 is four a core"
    ),
    Setting(
        "slow_seconds",
        0.2,
        kinds.seconds,
        "after how long a query makes room for a small one beside it",
    ),
    Setting("cache_seconds", 300, kinds.whole(0, 10**9), "how long a reader may keep an answer"),
    Setting("cache_bytes", 64 * _MIB, kinds.whole(0, 10**12), "how many bytes of answers are kept"),
    Setting("page_size", 100, kinds.whole(1, 10_000), "how many things a page of a list shows"),
    Setting(
        "cors_origins",
        "*",
        kinds.origins,
        "whose scripts may read the answers: origins, or `*` for all",
    ),
    Setting(
        "default_graph",
        "",
        kinds.graph,
        "what a query without FROM sees: `union` of the graphs, or the default graph of the `file`;"
        " empty is the union for a folder and the file for a bare RDF file",
    ),
    Setting(
        "releases",
        "",
        kinds.text,
        "the folder of built releases; empty is one in the user's cache",
        public=False,
    ),
    Setting(
        "questions",
        "",
        kinds.text,
        "a folder of Turtle files with more saved questions, beside those of the data",
        public=False,
    ),
    Setting(
        "disk_bytes",
        1 << 30,
        kinds.whole(0, 10**15),
        "from which size on a release (its N-Quads) or RDF file is kept on disk and not in memory",
        public=False,
    ),
    Setting(
        "store",
        "",
        kinds.store,
        "a SPARQL endpoint that holds the data, which are then served from there",
        public=False,
    ),
    Setting(
        "store_dataset",
        "",
        kinds.text,
        "which of the store's data sets, by its IRI; empty is the only one",
        public=False,
    ),
    Setting(
        "store_seconds",
        10,
        kinds.seconds,
        "how often to look whether the store shows another release",
        public=False,
    ),
    Setting(
        "store_user", "", kinds.text, "as whom to ask the store, by Basic or Digest", public=False
    ),
    Setting(
        "store_password",
        "",
        kinds.text,
        "the password for that, or without a user a token; no option, which others could read",
        public=False,
        secret=True,
    ),
    Setting(
        "log_level",
        "info",
        kinds.level,
        "what is logged: `error`, `warning`, `info` with a line a query, `debug` with its text",
    ),
    Setting(
        "config", "", kinds.text, "a file (TOML) that gives settings by their names", public=False
    ),
    Setting(
        "trusted_proxies",
        "",
        kinds.networks,
        "the addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count",
        public=False,
    ),
    Setting(
        "request_rate",
        0,
        kinds.whole(0, 10**6),
        "how many requests a minute one address may send, beside queries; 0 is any number",
    ),
    Setting(
        "query_rate",
        0,
        kinds.whole(0, 10**6),
        "how many requests a minute one address may send to `/sparql`; 0 is any number",
    ),
    Setting(
        "look_seconds",
        2,
        kinds.whole(0, 86_400),
        "how often to look whether what is served has changed; 0 is only at SIGHUP",
        public=False,
    ),
    Setting(
        "stop_seconds",
        30,
        kinds.whole(1, 86_400),
        "how long answers that are under way may take when the server stops",
        public=False,
    ),
)
"""Every setting, in the order in which the help lists them."""
