"""A data set for assistants: programs that read for people, and must say where a thing stands.

`reading` gives plain answers with labels, layers and passages, `model` tells in words how the
data are made, and `server` offers both by the Model Context Protocol. Only that one knows its
library, which is installed by whoever wants it.
"""
