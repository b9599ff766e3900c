"""What can be set about the service: one table, and one value that never changes.

Every setting has a name, a default and a sentence of help; the environment spells it
`FOLKMOTE_NAME`, the command line `--name`, a file of settings (TOML) `name`. What is given on the
command line wins over the environment, which wins over the file, which wins over the default.
Nothing here makes or starts what it names.
"""

from publish.settings.reading import read
from publish.settings.table import SETTINGS
from publish.settings.values import TEXTS, Setting, Settings

__all__ = ["SETTINGS", "TEXTS", "Setting", "Settings", "read"]
