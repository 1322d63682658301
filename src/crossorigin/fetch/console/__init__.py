"""The console's words: what an engine prints about a fetch, as one table for each that both writes and reads them."""

from crossorigin.fetch.console.lines import CATALOGUES, console_lines, console_warnings
from crossorigin.fetch.console.messages import Catalogue, Message

__all__ = ["CATALOGUES", "Catalogue", "Message", "console_lines", "console_warnings"]
