"""One module a flow: the stages put together. Nothing but the command line imports from here."""
