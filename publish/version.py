"""The version of the software, which is that of the shipped data set too."""

__version__ = "1.0.0"
